"""The table of every connection of a stack."""

from plan.plan import Plan
from plan.tempo.majors import DISTRIBUTOR
from render.names import AGENT, GATEWAY, OTLP_GRPC_PORT
from render.network.edges import Edge, OwnPods, tcp
from render.network.outside import cluster_edges, platform_edges, store_edges
from render.network.synthetic_check import synthetic_check_edges
from render.network.tempo import pods_of, tempo_edges
from settings.stack import StackSettings


def edges(settings: StackSettings, plan: Plan) -> tuple[Edge, ...]:
    """Return every connection in the order of the data flow; whatever is not among them is denied."""
    gateway = OwnPods((GATEWAY,))
    return (
        *platform_edges(settings, plan),
        Edge(
            name="agent-to-gateway",
            sources=(OwnPods((AGENT,)),),
            targets=(gateway,),
            ports=tcp(OTLP_GRPC_PORT),
            why="all spans of a trace to one gateway",
        ),
        Edge(
            name="gateway-to-tempo",
            sources=(gateway,),
            targets=(pods_of(plan, DISTRIBUTOR),),
            ports=tcp(OTLP_GRPC_PORT),
            why="kept spans",
        ),
        *tempo_edges(settings, plan),
        *synthetic_check_edges(settings, plan),
        *store_edges(settings, plan),
        *cluster_edges(settings, plan),
    )
