"""Alerts on masking: spans must pass through every processor that masks, and none may fail there."""

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.promql import rate
from render.grafana.rules.rule import Alert, Group
from settings.stack import StackSettings

# All of the gateway's processors that mask, and those that protect and restore what may stay.
_MASKING = 'processor=~"redaction/.*|transform/.*"'
# Counters of one batch are not scraped at the same moment.
_TOLERATED = 0.001


def masking(settings: StackSettings, plan: Plan) -> Group:  # noqa: ARG001 - groups share one signature
    """Return the group."""
    gateways = jobs.gateways(settings)
    items = 'otel_signal="traces"'
    going_in = rate(
        f"otelcol_processor_incoming_items_total{{{gateways}, {items}, {_MASKING}}}",
        "pod",
        "processor",
        window="10m",
    )
    coming_out = rate(
        f"otelcol_processor_outgoing_items_total{{{gateways}, {items}, {_MASKING}}}",
        "pod",
        "processor",
        window="10m",
    )
    masked = rate(
        f'otelcol_processor_incoming_items_total{{{gateways}, {items}, processor="redaction/tokens"}}',
        "pod",
        window="10m",
    )
    # Not what exporters send: after an outage they send from the queue what was masked long ago.
    batched = rate(f"otelcol_processor_batch_batch_send_size_sum{{{gateways}}}", "pod", window="10m")
    return Group(
        name="tracing-masking",
        rules=(
            Alert(
                name="TracingMaskingFails",
                expr=f"1 - {coming_out} / {going_in} > {_TOLERATED}",
                for_seconds=600,
                severity="critical",
                summary="{{ $labels.processor }} of {{ $labels.pod }} drops "
                "{{ $value | humanizePercentage }} of the "
                "spans",
                description="A rule fails, and spans that cannot be masked are dropped rather than stored.",
                runbook="masking.md#tracingmaskingfails",
            ),
            Alert(
                name="TracingMaskingBypassed",
                expr=f"{batched} > 0 unless {masked} > 0",
                for_seconds=600,
                severity="critical",
                summary="{{ $labels.pod }} passes {{ $value | humanize }} spans a second on without masking",
                description="Personal data and secrets in spans reach the bucket, where everybody with access to "
                "traces can read them.",
                runbook="masking.md#tracingmaskingbypassed",
            ),
        ),
    )
