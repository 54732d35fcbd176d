"""Connections of the synthetic check: those of an application, of an agent, and of Grafana."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.tempo.majors import QUERY_FRONTEND
from render.names import AGENT, GATEWAY, OTLP_HTTP_PORT, SYNTHETIC_CHECK, SYNTHETIC_CHECK_PORT, TEMPO_HTTP_PORT
from render.network.edges import Edge, OtherPods, OwnPods, tcp
from render.network.tempo import pods_of
from settings.stack import StackSettings


def synthetic_check_edges(settings: StackSettings, plan: Plan) -> Iterator[Edge]:
    """Yield the connections of the check, and of Prometheus to it; none without the check."""
    if not settings.synthetic_check.enabled:
        return
    check = OwnPods((SYNTHETIC_CHECK,))
    for target, pods, port, why in (
        ("agent", OwnPods((AGENT,)), OTLP_HTTP_PORT, "a trace of the check, as every application sends its own"),
        ("gateway", OwnPods((GATEWAY,)), OTLP_HTTP_PORT, "a trace of the check for each tenant"),
        ("tempo", pods_of(plan, QUERY_FRONTEND), TEMPO_HTTP_PORT, "the check reads its traces back"),
    ):
        yield Edge(name=f"check-to-{target}", sources=(check,), targets=(pods,), ports=tcp(port), why=why)
    if settings.grafana.service_monitors:
        yield Edge(
            name="prometheus-to-check",
            sources=(OtherPods((settings.network.prometheus_namespace,)),),
            targets=(check,),
            ports=tcp(SYNTHETIC_CHECK_PORT),
            why="scrapes of metrics",
        )
