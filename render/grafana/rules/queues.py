"""Alerts on the collectors' queues."""

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import QUEUE_FULL_RATIO
from settings.stack import StackSettings


def queues(settings: StackSettings, plan: Plan) -> Group:  # noqa: ARG001 - groups share one signature
    """Return the group."""
    gateways = jobs.gateways(settings)
    size = f"otelcol_exporter_queue_size{{{gateways}}}"
    capacity = f"otelcol_exporter_queue_capacity{{{gateways}}}"
    return Group(
        name="tracing-queues",
        rules=(
            Alert(
                name="TracingGatewayQueueFilling",
                expr=f"max by (pod, exporter) ({size} / {capacity}) > {QUEUE_FULL_RATIO}",
                for_seconds=300,
                severity="critical",
                summary="A queue of {{ $labels.pod }} is {{ $value | humanizePercentage }} full",
                description="Tempo accepts spans more slowly than {{ $labels.exporter }} receives them, or not at "
                "all. When the queue is full, kept traces are lost.",
                runbook="queues.md#tracinggatewayqueuefilling",
            ),
        ),
    )
