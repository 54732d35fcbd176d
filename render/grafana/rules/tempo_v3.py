"""Alerts on the parts that Tempo has since 3.0: live stores, block builders, backend scheduler and workers."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.tempo.majors import BACKEND_SCHEDULER, BLOCK_BUILDER, LIVE_STORE, ingesters_write
from render.grafana import jobs
from render.grafana.promql import grown, rate
from render.grafana.rules.rule import Alert, Group
from render.grafana.rules.tempo_v2 import flush_minutes
from render.grafana.thresholds import FAILED_REQUESTS_RATIO, PARTITION_LAG_SECONDS
from settings.stack import StackSettings


def tempo_v3(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:
    """Return the group; none for other majors."""
    if ingesters_write(settings.tempo):
        return ()
    writers = (
        _partitions(settings) if settings.tempo.deployment_mode == "microservices" else _monolith(settings, plan)
    )
    return (Group(name="tracing-live-stores", rules=(*_live_store(settings), *writers, *_jobs(settings))),)


def _live_store(settings: StackSettings) -> Iterator[Alert]:
    failed = f"tempo_live_store_failed_completions_total{{{jobs.tempo(settings, LIVE_STORE)}}}"
    yield Alert(
        name="TracingCompletionsFailing",
        expr=f"{grown(failed, 'pod')} > 2",
        for_seconds=0,
        severity="warning",
        summary="{{ $labels.pod }} failed {{ $value | humanize }} times to complete a block",
        description="Searches of recent traces become slower, and its volume fills.",
        runbook="live-stores.md#tracingcompletionsfailing",
    )


def _monolith(settings: StackSettings, plan: Plan) -> Iterator[Alert]:
    """Yield the alerts where the live store writes the blocks; no rule of Tempo's own has these counters."""
    job, minutes = jobs.tempo(settings), flush_minutes(plan)
    yield Alert(
        name="TracingLocalFlushesFailing",
        expr=f"{grown(f'tempo_live_store_local_failed_flushes_total{{{job}}}', 'pod')} > 2",
        for_seconds=0,
        severity="critical",
        summary="{{ $labels.pod }} failed {{ $value | humanize }} times to write a block to the bucket",
        description="Blocks stay on its volume until it is full. Then Tempo refuses spans.",
        runbook="live-stores.md#tracinglocalflushesfailing",
    )
    made = rate(f"tempo_live_store_traces_created_total{{{job}}}", "pod", window=f"{minutes}m")
    flushed = f"tempo_live_store_local_blocks_flushed_total{{{job}}}"
    yield Alert(
        name="TracingNothingFlushedLocally",
        expr=f"({made} > 0) and sum by (pod) (increase({flushed}[{minutes}m])) == 0",
        for_seconds=300,
        severity="critical",
        summary=f"{{{{ $labels.pod }}}} has written no block to the bucket for {minutes} minutes",
        description="It receives traces and keeps them on its volume alone: they are lost with it.",
        runbook="live-stores.md#tracingnothingflushedlocally",
    )


def _partitions(settings: StackSettings) -> Iterator[Alert]:
    """Yield the alerts where Kafka is between distributors and those who write and answer."""
    for target, title, name, severity, lost in (
        (
            BLOCK_BUILDER,
            "block builder",
            "TracingBlockBuilderLag",
            "critical",
            "Traces wait in Kafka. What waits for longer than Kafka keeps it is lost.",
        ),
        (LIVE_STORE, "live store", "TracingLiveStoreLag", "warning", "Searches miss recent traces."),
    ):
        lag = f"tempo_ingest_group_partition_lag_seconds{{{jobs.tempo(settings, target)}}}"
        yield Alert(
            name=name,
            expr=f"max by (partition) (avg_over_time({lag}[6m])) > {PARTITION_LAG_SECONDS}",
            for_seconds=300,
            severity="critical" if severity == "critical" else "warning",
            summary=f"The {title} of partition {{{{ $labels.partition }}}} is {{{{ $value | humanizeDuration }}}} "
            "behind",
            description=lost,
            runbook=f"live-stores.md#{name.lower()}",
        )


def _jobs(settings: StackSettings) -> Iterator[Alert]:
    job = jobs.tempo(settings, BACKEND_SCHEDULER)
    failed = rate(f"tempo_backend_scheduler_jobs_failed_total{{{job}}}", window="15m")
    made = rate(f"tempo_backend_scheduler_jobs_created_total{{{job}}}", window="15m")
    yield Alert(
        name="TracingBackendJobsFailing",
        expr=f"{failed} / {made} > {FAILED_REQUESTS_RATIO}",
        for_seconds=600,
        severity="warning",
        summary="{{ $value | humanizePercentage }} of the jobs on blocks fail",
        description="Nothing is lost. Blocks are not merged, and searches become slower.",
        runbook="live-stores.md#tracingbackendjobsfailing",
    )
