"""Recorded latencies of Tempo's requests, and alerts that both majors share: writing, queries, limits, rings."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.tempo.majors import DISTRIBUTOR, QUERY_FRONTEND
from render.grafana import jobs
from render.grafana.promql import grown, rate
from render.grafana.rules.rule import Alert, Group, Recording
from render.grafana.thresholds import (
    DISCARDED_PER_SECOND,
    DISCARDED_RATIO,
    FAILED_REQUESTS_RATIO,
    INGEST_LIMIT_RATIO,
    QUERY_LATENCY_SECONDS,
)
from settings.stack import StackSettings

_DURATION = "tempo_request_duration_seconds"
_BY_ROUTE = ("namespace", "job", "route")
# What people wait for; streams, probes and the calls between Tempo's processes are not among them.
_QUERIES = 'route=~"api_search.*|api_v2_search.*|api_traces.*|api_v2_traces.*|api_metrics.*"'


def tempo(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:
    """Return the groups."""
    alerts = (
        *_written(settings, plan),
        *_truncated(settings),
        *_silent(settings),
        *_queried(settings),
        *_limits_and_rings(settings),
    )
    return (
        Group(name="tracing-tempo-requests", rules=tuple(_recorded(settings)), interval_seconds=60),
        Group(name="tracing-tempo", rules=alerts),
    )


def _recorded(settings: StackSettings) -> Iterator[Recording]:
    """Yield latencies and rates by route, under the names of Tempo's own rules without the cluster."""
    job = jobs.tempo(settings)
    prefix = f"namespace_job_route:{_DURATION}"
    for part, labels in (("bucket", ("le", *_BY_ROUTE)), ("sum", _BY_ROUTE), ("count", _BY_ROUTE)):
        expr = rate(f"{_DURATION}_{part}{{{job}}}", *labels)
        yield Recording(record=f"{prefix}_{part}:sum_rate", expr=expr)
    for quantile in (50, 95, 99):
        yield Recording(
            record=f"{prefix}:{quantile}quantile",
            expr=f"histogram_quantile({quantile / 100}, {prefix}_bucket:sum_rate)",
        )
    yield Recording(record=f"{prefix}:avg", expr=f"{prefix}_sum:sum_rate / {prefix}_count:sum_rate")


def _written(settings: StackSettings, plan: Plan) -> Iterator[Alert]:
    # Ingesters and live stores count discarded spans, too.
    discarded = f'tempo_discarded_spans_total{{{jobs.tempo(settings)}, reason!="rate_limited"}}'
    limited = f'tempo_discarded_spans_total{{{jobs.tempo(settings)}, reason="rate_limited"}}'
    received = f"tempo_distributor_spans_received_total{{{jobs.tempo(settings, DISTRIBUTOR)}}}"
    yield Alert(
        name="TracingSpansDiscarded",
        expr=f"{rate(discarded, 'tenant', 'reason')} / on (tenant) group_left () {rate(received, 'tenant')} "
        f"> {DISCARDED_RATIO}",
        for_seconds=600,
        severity="warning",
        summary="Tempo discards {{ $value | humanizePercentage }} of the spans of {{ $labels.tenant }}",
        description="The reason is {{ $labels.reason }}. These spans are lost.",
        runbook="tempo.md#tracingspansdiscarded",
    )
    yield Alert(
        name="TracingIngestionErrorsHigh",
        expr=f"{rate(discarded)} > {DISCARDED_PER_SECOND}",
        for_seconds=600,
        severity="critical",
        summary="Tempo discards {{ $value | humanize }} spans a second",
        description="These spans are lost. The label `reason` of tempo_discarded_spans_total says why.",
        runbook="tempo.md#tracingingestionerrorshigh",
    )
    yield Alert(
        name="TracingTenantRateLimited",
        expr=f"{rate(limited, 'tenant')} > 0",
        for_seconds=600,
        severity="warning",
        summary="Tempo delays {{ $value | humanize }} spans a second of {{ $labels.tenant }}",
        description="Nothing is lost: gateways send them again, and their queues grow.",
        runbook="tempo.md#tracingtenantratelimited",
    )
    # The limit holds for each distributor.
    bytes_received = f"tempo_distributor_bytes_received_total{{{jobs.tempo(settings, DISTRIBUTOR)}}}"
    yield Alert(
        name="TracingTenantNearRateLimit",
        expr=f"max by (tenant) ({rate(bytes_received, 'tenant', 'pod')}) / {plan.ingestion.rate_limit_bytes} "
        f"> {INGEST_LIMIT_RATIO}",
        for_seconds=900,
        severity="warning",
        summary="{{ $labels.tenant }} uses {{ $value | humanizePercentage }} of its rate limit",
        description="Nothing is lost. Above the limit Tempo delays spans, and the gateways' queues grow.",
        runbook="tempo.md#tracingtenantnearratelimit",
    )


def _truncated(settings: StackSettings) -> Iterator[Alert]:
    truncated = f"tempo_distributor_attributes_truncated_total{{{jobs.tempo(settings, DISTRIBUTOR)}}}"
    yield Alert(
        name="TracingAttributesTruncated",
        expr=f"{grown(truncated, 'tenant')} > 0",
        for_seconds=0,
        severity="info",
        summary="Tempo cut off {{ $value | humanize }} attributes of {{ $labels.tenant }}",
        description="The end of texts over 2 048 bytes is lost. An application sends them.",
        runbook="tempo.md#tracingattributestruncated",
    )


def _silent(settings: StackSettings) -> Iterator[Alert]:
    received = f"tempo_distributor_spans_received_total{{{jobs.tempo(settings, DISTRIBUTOR)}}}"
    before = f"sum by (tenant) (rate({received}[1h] offset 1h)) > 0"
    yield Alert(
        name="TracingTenantSilent",
        expr=f"{before} unless {rate(received, 'tenant', window='15m')} > 0",
        for_seconds=900,
        severity="warning",
        summary="{{ $labels.tenant }} sends no spans",
        description="It sent {{ $value | humanize }} spans a second an hour ago. Either its applications stopped, "
        "or their spans do not arrive.",
        runbook="tempo.md#tracingtenantsilent",
    )


def _queried(settings: StackSettings) -> Iterator[Alert]:
    frontend = f"{jobs.tempo(settings, QUERY_FRONTEND)}, {_QUERIES}"
    latency = rate(f"{_DURATION}_bucket{{{frontend}}}", "le")
    yield Alert(
        name="TracingQueriesSlow",
        expr=f"histogram_quantile(0.95, {latency}) > {QUERY_LATENCY_SECONDS}",
        for_seconds=300,
        severity="warning",
        summary="Queries take {{ $value | humanizeDuration }} at the 95th percentile",
        description="No data is lost. People wait for searches, or give up.",
        runbook="tempo.md#tracingqueriesslow",
    )
    failed = rate(f'{_DURATION}_count{{{frontend}, status_code=~"5.."}}')
    yield Alert(
        name="TracingQueriesFailing",
        expr=f"{failed} / {rate(f'{_DURATION}_count{{{frontend}}}')} > {FAILED_REQUESTS_RATIO}",
        for_seconds=600,
        severity="critical",
        summary="{{ $value | humanizePercentage }} of the queries fail",
        description="No data is lost. Nobody can rely on what searches find.",
        runbook="tempo.md#tracingqueriesfailing",
    )


def _limits_and_rings(settings: StackSettings) -> Iterator[Alert]:
    job = jobs.tempo(settings)
    yield Alert(
        name="TracingOverridesInvalid",
        expr=f"tempo_runtime_config_last_reload_successful{{{job}}} == 0",
        for_seconds=300,
        severity="warning",
        summary="{{ $labels.pod }} cannot read the tenants' limits",
        description="It goes on with the limits that it had. At its next start it will end instead.",
        runbook="tempo.md#tracingoverridesinvalid",
    )
    if settings.tempo.deployment_mode == "microservices":
        yield Alert(
            name="TracingRingUnhealthy",
            expr=f'max by (name) (tempo_ring_members{{{job}, state="Unhealthy"}}) > 0',
            for_seconds=900,
            severity="warning",
            summary="{{ $value }} members of the ring {{ $labels.name }} are unhealthy",
            description="Nothing is lost yet. A second failure may stop writing, as too few members agree.",
            runbook="tempo.md#tracingringunhealthy",
        )
