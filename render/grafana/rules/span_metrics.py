"""Alerts on span metrics, which service boards and objectives are made of."""

from plan.plan import Plan
from render.grafana.rules.rule import Alert, Group
from settings.stack import StackSettings


def span_metrics(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:  # noqa: ARG001 - as elsewhere
    """Return the group; none where nobody counts spans."""
    source = settings.span_metrics.source
    if source == "none":
        return ()
    # An agent's series beyond its limit have no other label, a generator's those of its tenant.
    overflow, by = ("otel_metric_overflow", "instance") if source == "agents" else ("metric_overflow", "tenant")
    series = f'traces_spanmetrics_calls_total{{{overflow}="true"}}'
    return (
        Group(
            name="tracing-span-metrics",
            rules=(
                Alert(
                    name="TracingSpanMetricsOverflow",
                    expr=f"sum by ({by}) (rate({series}[10m])) > 0",
                    for_seconds=900,
                    severity="warning",
                    summary=f"{{{{ $value | humanize }}}} spans a second of {{{{ $labels.{by} }}}} are counted "
                    "without their names",
                    description="Rates, errors and objectives of new operations are wrong. Traces are complete.",
                    runbook="span-metrics.md#tracingspanmetricsoverflow",
                ),
            ),
        ),
    )
