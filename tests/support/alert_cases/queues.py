"""Cases of the alerts on queues."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, gauge, job


def _filling(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    """Tempo accepts spans more slowly than they arrive."""
    labels = {"job": job(settings, "otel-gateway"), "pod": "otel-gateway-0", "exporter": "otlp/tempo"}
    return Story(
        series=(
            gauge("otelcol_exporter_queue_size", 10, 900, **labels),
            gauge("otelcol_exporter_queue_capacity", 1000, 1000, **labels),
        ),
        fires=(
            Firing(
                labels={"pod": "otel-gateway-0", "exporter": "otlp/tempo"},
                summary="A queue of otel-gateway-0 is 90% full",
            ),
        ),
    )


CASES: Mapping[str, Case] = {"TracingGatewayQueueFilling": _filling}
