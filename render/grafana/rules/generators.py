"""Alerts on metrics generators, which send service graphs, and span metrics by setting, to Prometheus."""

from plan.plan import Plan
from plan.tempo.majors import METRICS_GENERATOR
from render.grafana import jobs
from render.grafana.promql import rate
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import SERIES_LIMIT_RATIO, SERVICE_GRAPH_DROPPED_RATIO
from settings.stack import StackSettings


def generators(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:  # noqa: ARG001 - groups share one signature
    """Return the group; none where no generator sends metrics."""
    if settings.grafana.prometheus_url is None:
        return ()
    job = jobs.tempo(settings, METRICS_GENERATOR)
    failed = f"prometheus_remote_storage_samples_failed_total{{{job}}}"
    retried = f"prometheus_remote_storage_samples_retried_total{{{job}}}"
    prefix = "tempo_metrics_generator"
    active, limit = f"{prefix}_registry_active_series{{{job}}}", f"{prefix}_registry_max_active_series{{{job}}}"
    dropped = f"{prefix}_processor_service_graphs_dropped_spans{{{job}}}"
    received = f"{prefix}_spans_received_total{{{job}}}"
    return (
        Group(
            name="tracing-generators",
            rules=(
                Alert(
                    name="TracingRemoteWriteFailing",
                    expr=f"{rate(failed, 'pod')} + {rate(retried, 'pod')} > 0",
                    for_seconds=900,
                    severity="warning",
                    summary="{{ $labels.pod }} cannot send {{ $value | humanize }} samples a second to Prometheus",
                    description="Service maps stand still. Samples that are older than two hours are lost; traces "
                    "are not.",
                    runbook="generators.md#tracingremotewritefailing",
                ),
                Alert(
                    name="TracingSeriesLimitNear",
                    expr=f"max by (tenant) ({active} / ({limit} > 0)) > {SERIES_LIMIT_RATIO}",
                    for_seconds=900,
                    severity="warning",
                    summary="{{ $labels.tenant }} uses {{ $value | humanizePercentage }} of its series",
                    description="Beyond the limit new series are counted together, and new services are "
                    "missing in "
                    "the service map.",
                    runbook="generators.md#tracingserieslimitnear",
                ),
                Alert(
                    name="TracingServiceGraphsDropSpans",
                    expr=f"{rate(dropped, 'tenant', window='1h')} / {rate(received, 'tenant', window='1h')} "
                    f"> {SERVICE_GRAPH_DROPPED_RATIO}",
                    for_seconds=900,
                    severity="warning",
                    summary="{{ $value | humanizePercentage }} of the spans of {{ $labels.tenant }} are "
                    "missing in "
                    "the service map",
                    description="Edges between services are counted too low. Traces are complete.",
                    runbook="generators.md#tracingservicegraphsdropspans",
                ),
            ),
        ),
    )
