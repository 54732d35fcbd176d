"""Panels of Tempo's write path: ingesters in 2.x, live stores and block builders in 3.x."""

from collections.abc import Iterator

from plan.tempo.majors import BLOCK_BUILDER, INGESTER, LIVE_STORE, ingesters_write
from render.grafana import jobs
from render.grafana.board import Limits, Panel, Query
from render.grafana.panels import or_zero, quantile, rate, runbook
from render.grafana.thresholds import PARTITION_LAG_SECONDS
from settings.stack import StackSettings

_ANY = Limits(warning=0.001, critical=0.1)


def writes(settings: StackSettings) -> Iterator[Panel]:
    """Yield the panels of what the stack's Tempo writes with."""
    if ingesters_write(settings.tempo):
        yield from _ingesters(settings)
        return
    yield from _live_stores(settings)
    if settings.tempo.deployment_mode == "monolithic":
        yield _blocks(settings, jobs.tempo(settings), "tempo_live_store_local", "live-stores.md")
    else:
        yield _lag(settings)


def _ingesters(settings: StackSettings) -> Iterator[Panel]:
    job = jobs.tempo(settings, INGESTER)
    yield Panel(
        title="Live traces",
        description="Traces that ingesters hold until their spans stop coming; the plan's limit is in "
        "overrides.yaml.",
        unit="none",
        queries=(Query(expr=f"sum by (tenant) (tempo_ingester_live_traces{{{job}}})", legend="{{tenant}}"),),
    )
    yield _blocks(settings, job, "tempo_ingester", "ingesters.md")
    yield Panel(
        title="Blocks that wait for the bucket",
        description="Blocks in the queue of each ingester. It grows while the bucket does not accept them, and "
        "the "
        "volume fills.",
        unit="none",
        queries=(
            Query(expr=f"sum by (pod) (tempo_ingester_flush_queue_length{{{job}}})", legend="{{pod}} waiting"),
        ),
        links=runbook(settings, "ingesters.md#tracingnothingflushed"),
    )
    yield Panel(
        title="Duration of writing a block",
        description="Seconds until a block is in the bucket. The bucket or the network is slow if it rises.",
        unit="s",
        queries=(
            Query(expr=quantile(0.95, f"tempo_ingester_flush_duration_seconds_bucket{{{job}}}"), legend="P95"),
        ),
    )


def _blocks(settings: StackSettings, job: str, prefix: str, page: str) -> Panel:
    return Panel(
        title="Blocks written, and failures",
        description="Blocks a second that were written, and attempts that failed and are repeated. Traces stay on "
        "the volume until they are written.",
        unit="ops",
        queries=(
            Query(expr=rate(f"{prefix}_blocks_flushed_total{{{job}}}"), legend="written"),
            Query(expr=or_zero(rate(f"{prefix}_failed_flushes_total{{{job}}}")), legend="failed"),
        ),
        links=runbook(settings, page),
    )


def _live_stores(settings: StackSettings) -> Iterator[Panel]:
    job = jobs.tempo(settings, LIVE_STORE)
    yield Panel(
        title="Live traces",
        description="Traces that live stores hold until their spans stop coming; recent searches read them.",
        unit="none",
        queries=(Query(expr=f"sum by (tenant) (tempo_live_store_live_traces{{{job}}})", legend="{{tenant}}"),),
    )
    yield Panel(
        title="Completions that fail",
        description="Attempts a second to complete a block that failed. Recent traces are missing from answers "
        "until one succeeds.",
        unit="ops",
        queries=(
            Query(expr=or_zero(rate(f"tempo_live_store_failed_completions_total{{{job}}}")), legend="failed"),
        ),
        limits=_ANY,
        links=runbook(settings, "live-stores.md#tracingcompletionsfailing"),
    )


def _lag(settings: StackSettings) -> Panel:
    lag = "tempo_ingest_group_partition_lag_seconds"
    return Panel(
        title="Lag behind Kafka",
        description="Seconds that live stores and block builders are behind their partition. Traces wait in Kafka "
        "meanwhile; its retention is the time to react.",
        unit="s",
        queries=tuple(
            Query(
                expr=f"max by (partition) ({lag}{{{jobs.tempo(settings, target)}}})",
                legend=f"{target} {{{{partition}}}}",
            )
            for target in (LIVE_STORE, BLOCK_BUILDER)
        ),
        limits=Limits(warning=PARTITION_LAG_SECONDS / 2, critical=PARTITION_LAG_SECONDS),
        links=runbook(settings, "live-stores.md"),
    )
