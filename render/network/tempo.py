"""Connections between the processes of Tempo in microservices mode.

Tempo's cmd/tempo/app/modules.go says which process uses which client; the addresses are those of the rendered
configuration and of the rings.
"""

from collections.abc import Iterator

from plan.plan import Plan
from plan.tempo.majors import (
    BACKEND_SCHEDULER,
    BACKEND_WORKER,
    BLOCK_BUILDER,
    DISTRIBUTOR,
    METRICS_GENERATOR,
    NOT_IN_THE_RING,
    QUERIER,
    QUERY_FRONTEND,
    tempo_major,
)
from render.names import MEMCACHED, MEMCACHED_PORT, TEMPO, TEMPO_GOSSIP_PORT, TEMPO_GRPC_PORT, tempo_component
from render.network.edges import Edge, OwnPods, tcp
from settings.stack import StackSettings

_GRPC = tcp(TEMPO_GRPC_PORT)
# The processes of 3.x that write to Kafka or read it.
_OF_KAFKA = frozenset({DISTRIBUTOR, METRICS_GENERATOR, BLOCK_BUILDER})


def all_tempo(plan: Plan) -> OwnPods:
    """Return every process of Tempo, in either mode."""
    return OwnPods(tuple(tempo_component(one.name) for one in plan.tempo) or (TEMPO,))


def users_of_the_store(plan: Plan) -> OwnPods:
    """Return the processes of Tempo that read or write the bucket."""
    return OwnPods(tuple(tempo_component(one.name) for one in plan.tempo if one.needs_object_store) or (TEMPO,))


def users_of_kafka(settings: StackSettings, plan: Plan) -> OwnPods:
    """Return the processes of Tempo 3.x that connect to Kafka."""
    return _pods(plan, *_OF_KAFKA, tempo_major(settings.tempo).recent)


def pods_of(plan: Plan, target: str) -> OwnPods:
    """Return the Pods of one target of Tempo, which is the monolith where it is one process."""
    return _pods(plan, target) if plan.tempo else OwnPods((TEMPO,))


def tempo_edges(settings: StackSettings, plan: Plan) -> Iterator[Edge]:
    """Yield the connections between processes; none in a monolith, which connects to itself only."""
    if not plan.tempo:
        return
    recent = tempo_major(settings.tempo).recent
    for source, target, why in (
        *_until_2(settings, plan),
        (QUERIER, recent, "queries for traces that the bucket does not have yet"),
        (QUERIER, QUERY_FRONTEND, "queriers fetch their work from every query frontend"),
        *_since_3(settings, plan),
    ):
        yield Edge(
            name=f"{source}-to-{target}",
            sources=(_pods(plan, source),),
            targets=(_pods(plan, target),),
            ports=_GRPC,
            why=why,
        )
    yield from _shared(plan)


def _until_2(settings: StackSettings, plan: Plan) -> Iterator[tuple[str, str, str]]:
    if settings.tempo.needs_kafka:
        return
    yield DISTRIBUTOR, tempo_major(settings.tempo).recent, "spans, one copy to each of a trace's ingesters"
    if _runs(plan, METRICS_GENERATOR):
        yield DISTRIBUTOR, METRICS_GENERATOR, "spans, for metrics"
        yield QUERIER, METRICS_GENERATOR, "TraceQL metrics of recent spans"


def _since_3(settings: StackSettings, plan: Plan) -> Iterator[tuple[str, str, str]]:
    if settings.tempo.needs_kafka and _runs(plan, BACKEND_SCHEDULER):
        yield BACKEND_WORKER, BACKEND_SCHEDULER, "workers fetch jobs on blocks"


def _shared(plan: Plan) -> Iterator[Edge]:
    members = OwnPods(tuple(tempo_component(one.name) for one in plan.tempo if one.target not in NOT_IN_THE_RING))
    yield Edge(
        name="tempo-gossip",
        sources=(members,),
        targets=(members,),
        ports=tcp(TEMPO_GOSSIP_PORT),
        why="membership of the rings, each member with each",
    )
    yield Edge(
        name="tempo-to-cache",
        sources=(users_of_the_store(plan),),
        targets=(OwnPods((MEMCACHED,)),),
        ports=tcp(MEMCACHED_PORT),
        why="bloom filters and footers of blocks, results of searches",
    )


def _runs(plan: Plan, target: str) -> bool:
    return any(one.target == target for one in plan.tempo)


def _pods(plan: Plan, *targets: str) -> OwnPods:
    return OwnPods(tuple(tempo_component(one.name) for one in plan.tempo if one.target in targets))
