"""Tempo's operation: what it takes in, answers, stores and compacts, for either major and either mode."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.tempo.majors import DISTRIBUTOR, QUERY_FRONTEND
from render.grafana import jobs
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.dashboards.tempo_processes import resources
from render.grafana.dashboards.tempo_storage import compaction, storage
from render.grafana.dashboards.tempo_writes import writes
from render.grafana.panels import STAT_HEIGHT, STAT_WIDTH, firing, or_zero, quantile, quantiles, rate, runbook
from render.grafana.thresholds import (
    DISCARDED_PER_SECOND,
    FAILED_REQUESTS_RATIO,
    INGEST_LIMIT_RATIO,
    QUERY_LATENCY_SECONDS,
)
from settings.stack import StackSettings

_DURATION = "tempo_request_duration_seconds"
# What people wait for; streams, probes and the calls between Tempo's processes are not among them.
_QUERIES = 'route=~"api_search.*|api_v2_search.*|api_traces.*|api_v2_traces.*|api_metrics.*"'
_LATENCY = Limits(warning=QUERY_LATENCY_SECONDS / 2, critical=QUERY_LATENCY_SECONDS)
_FAILED = Limits(warning=FAILED_REQUESTS_RATIO / 2, critical=FAILED_REQUESTS_RATIO)
_DISCARDED = Limits(warning=0.001, critical=DISCARDED_PER_SECOND)


def tempo_operations(settings: StackSettings, plan: Plan) -> Board:
    """Return the board."""
    return Board(
        name="tempo",
        title="Tracing / Tempo",
        description=f"Tempo {settings.tempo.version}, {settings.tempo.deployment_mode}: ingestion, queries, "
        f"blocks, "
        "compaction, errors and resources.",
        rows=(
            Row(title="Now", panels=tuple(_now(settings))),
            Row(title="Ingestion by tenant", panels=tuple(_ingestion(settings, plan))),
            Row(title="Queries", panels=tuple(_queries(settings))),
            Row(title="Write path", panels=tuple(writes(settings))),
            Row(title="Storage", panels=tuple(storage(settings, plan))),
            Row(title="Compaction and retention", panels=tuple(compaction(settings))),
            Row(title="Memory and CPU", panels=tuple(resources(settings, plan))),
        ),
        links=runbook(settings, "tempo.md"),
        annotations=firing(settings),
        span="now-3h",
    )


def _now(settings: StackSettings) -> Iterator[Panel]:
    frontend = f"{jobs.tempo(settings, QUERY_FRONTEND)}, {_QUERIES}"
    received = f"tempo_distributor_spans_received_total{{{jobs.tempo(settings, DISTRIBUTOR)}}}"
    yield Panel(
        title="Spans received",
        description="Spans a second of all tenants. If it falls to 0 while gateways send (Tracing / Collectors), "
        "look at the distributors.",
        unit="cps",
        kind="stat",
        queries=(Query(expr=or_zero(rate(received))),),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Spans discarded",
        description="Spans a second that Tempo took and threw away, or refused for a limit. The panel below says "
        "why and whose.",
        unit="cps",
        kind="stat",
        queries=(Query(expr=or_zero(rate(f"tempo_discarded_spans_total{{{jobs.tempo(settings)}}}"))),),
        limits=_DISCARDED,
        links=runbook(settings, "tempo.md#tracingspansdiscarded"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="P95 of queries",
        description="95 of 100 queries are answered faster.",
        unit="s",
        kind="stat",
        queries=(Query(expr=quantile(0.95, f"{_DURATION}_bucket{{{frontend}}}")),),
        limits=_LATENCY,
        links=runbook(settings, "tempo.md#tracingqueriesslow"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )
    yield Panel(
        title="Failed queries",
        description="Share of queries that were answered with a server's error.",
        unit="percentunit",
        kind="stat",
        queries=(Query(expr=or_zero(_failed_share(frontend))),),
        limits=_FAILED,
        links=runbook(settings, "tempo.md#tracingqueriesfailing"),
        width=STAT_WIDTH,
        height=STAT_HEIGHT,
    )


def _ingestion(settings: StackSettings, plan: Plan) -> Iterator[Panel]:
    job, limit = jobs.tempo(settings, DISTRIBUTOR), plan.ingestion.rate_limit_bytes
    yield Panel(
        title="Bytes by tenant",
        description=f"Bytes a second. Each tenant may send {limit:,} B/s (overrides.yaml); above it Tempo delays "
        "its spans.".replace(",", " "),
        unit="Bps",
        queries=(
            Query(expr=rate(f"tempo_distributor_bytes_received_total{{{job}}}", "tenant"), legend="{{tenant}}"),
        ),
        limits=Limits(warning=limit * INGEST_LIMIT_RATIO, critical=limit),
        links=runbook(settings, "tempo.md#tracingtenantnearratelimit"),
    )
    yield Panel(
        title="Spans by tenant",
        description="Spans a second. A tenant whose line ends has stopped sending, or lost its way.",
        unit="cps",
        queries=(
            Query(expr=rate(f"tempo_distributor_spans_received_total{{{job}}}", "tenant"), legend="{{tenant}}"),
        ),
        links=runbook(settings, "tempo.md#tracingtenantsilent"),
    )
    discarded = f"tempo_discarded_spans_total{{{jobs.tempo(settings)}}}"
    yield Panel(
        title="Discarded by reason",
        description="Spans a second. `rate_limited` are sent again by the gateways; the other reasons are losses.",
        unit="cps",
        queries=(Query(expr=rate(discarded, "tenant", "reason"), legend="{{tenant}} {{reason}}"),),
        limits=_DISCARDED,
        links=runbook(settings, "tempo.md#tracingspansdiscarded"),
    )


def _queries(settings: StackSettings) -> Iterator[Panel]:
    frontend = f"{jobs.tempo(settings, QUERY_FRONTEND)}, {_QUERIES}"
    yield Panel(
        title="Duration of queries",
        description="Seconds of what people wait for: searches, traces by id, tags and TraceQL metrics.",
        unit="s",
        queries=quantiles(f"{_DURATION}_bucket{{{frontend}}}"),
        limits=_LATENCY,
        links=runbook(settings, "tempo.md#tracingqueriesslow"),
    )
    yield Panel(
        title="P95 by route",
        description="Seconds. A slow `api_search` reads many blocks: narrow the time range, or look at "
        "compaction.",
        unit="s",
        queries=(Query(expr=quantile(0.95, f"{_DURATION}_bucket{{{frontend}}}", "route"), legend="{{route}}"),),
        limits=_LATENCY,
    )
    yield Panel(
        title="Queries by route and status",
        description="Queries a second. 4xx are the caller's errors, 5xx Tempo's; its log names the query.",
        unit="reqps",
        queries=(
            Query(
                expr=rate(f"{_DURATION}_count{{{frontend}}}", "route", "status_code"),
                legend="{{route}} {{status_code}}",
            ),
        ),
        links=runbook(settings, "tempo.md#tracingqueriesfailing"),
    )


def _failed_share(frontend: str) -> str:
    every = rate(f"{_DURATION}_count{{{frontend}}}")
    failed = rate(f'{_DURATION}_count{{{frontend}, status_code=~"5.."}}')
    return f"({failed} or 0 * {every}) / ({every} > 0)"
