"""Cases of the alerts on queues, and on what leaves them."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, counter, gauge, job

AGENT = {"pod": "otel-agent-a", "exporter": "load_balancing"}
GATEWAY = {"pod": "otel-gateway-0", "exporter": "otlp_grpc/tempo"}


def _filling(collector: str, queue: Mapping[str, str]) -> Case:
    def case(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
        labels = {"job": job(settings, collector), "data_type": "traces", **queue}
        # A full queue that becomes emptier needs nobody.
        draining = {**labels, "pod": "draining"}
        return Story(
            series=(
                gauge("otelcol_exporter_queue_size", 10, 900, **labels),
                gauge("otelcol_exporter_queue_capacity", 1000, 1000, **labels),
                counter("otelcol_exporter_queue_size", -1, -1, **draining),
                gauge("otelcol_exporter_queue_capacity", -1000, -1000, **draining),
            ),
            fires=(Firing(labels=queue, summary=f"A queue of {queue['pod']} is 90% full"),),
        )

    return case


def _new_counter(collector: str, queue: Mapping[str, str], name: str, summary: str, *by: str) -> Case:
    """Return the case of a counter that the collector exposes only after the first loss, with its whole value."""

    def case(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
        labels = {"job": job(settings, collector), "data_type": "traces", **queue}
        fires = Firing(labels={label: queue[label] for label in by}, summary=summary)
        series = (gauge(f"otelcol_exporter_{name}_spans_total", None, 500, **labels),)
        return Story(series=series, fires=(fires,), fault_minutes=10)

    return case


def _gone(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = {"job": job(settings, "otel-agent"), "data_type": "traces", "exporter": "load_balancing"}
    return Story(
        series=(
            gauge("otelcol_exporter_queue_size", 50 << 20, None, **labels, pod="otel-agent-a"),
            # An agent that goes with next to nothing is an update as any other.
            gauge("otelcol_exporter_queue_size", 40_000, None, **labels, pod="otel-agent-b"),
            gauge("otelcol_exporter_queue_size", 50 << 20, 50 << 20, **labels, pod="otel-agent-c"),
        ),
        fires=(
            Firing(
                labels={"pod": "otel-agent-a"},
                summary="otel-agent-a is gone, with 50MiB that it had not delivered",
            ),
        ),
        fault_minutes=10,
    )


def _stuck(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = {"job": job(settings, "otel-gateway"), **GATEWAY}
    return Story(
        series=(
            gauge("otelcol_exporter_in_flight_requests", 2, 10, **labels, data_type="traces"),
            counter("otelcol_exporter_sent_spans_total", 600, 0, **labels, server_address="tempo"),
        ),
        fires=(
            Firing(
                labels=GATEWAY,
                summary="otel-gateway-0 delivers nothing to Tempo",
                description="otlp_grpc/tempo repeats 10 requests without success, and all others wait behind them "
                "on disk.",
            ),
        ),
    )


_LOST, _FULL = "otel-gateway-0 lost 500 kept spans", "otel-agent-a has no room for 500 spans"
_REFUSED = "Tempo refused 500 spans of otel-gateway-0 for good"
CASES: Mapping[str, Case] = {
    "TracingAgentQueueFilling": _filling("otel-agent", AGENT),
    "TracingGatewayQueueFilling": _filling("otel-gateway", GATEWAY),
    "TracingAgentQueueFull": _new_counter("otel-agent", AGENT, "enqueue_failed", _FULL, "pod"),
    "TracingAgentQueueGone": _gone,
    "TracingGatewayQueueFull": _new_counter("otel-gateway", GATEWAY, "enqueue_failed", _LOST, "pod", "exporter"),
    "TracingSpansRefusedForGood": _new_counter(
        "otel-gateway", GATEWAY, "send_failed", _REFUSED, "pod", "exporter"
    ),
    "TracingDeliveryStuck": _stuck,
}
