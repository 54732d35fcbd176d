"""Cases of the alerts on ingesters (2.x), and on live stores, block builders and jobs (3.x)."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, counter, gauge, job

POD = {"pod": "tempo-0"}


def _grows(target: str, name: str, summary: str, further: Mapping[str, str] | None = None) -> Case:
    """Return the case of a counter that grows by one a minute during the fault."""
    labels = {**POD, **(further or {})}

    def case(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
        series = (counter(name, 0, 1, job=job(settings, target), **labels),)
        return Story(series=series, fires=(Firing(labels=labels, summary=summary),))

    return case


def _nothing_flushed(target: str, created: str, flushed: str) -> Case:
    def case(settings: StackSettings, plan: Plan) -> Story:
        minutes = max(30, 3 * plan.timing.flush_seconds // 60)
        labels = {"job": job(settings, target), **POD}
        summary = f"tempo-0 has written no block to the bucket for {minutes} minutes"
        return Story(
            series=(counter(created, 60, 60, **labels, tenant="a"), counter(flushed, 1, 0, **labels)),
            fires=(Firing(labels=POD, summary=summary),),
            healthy_minutes=120,
            fault_minutes=minutes + 20,
        )

    return case


def _lag(target: str, title: str) -> Case:
    def case(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
        labels = {"job": job(settings, target), "partition": "1", "group": "blocks", **POD}
        summary = f"The {title} of partition 1 is 10m 0s behind"
        series = (gauge("tempo_ingest_group_partition_lag_seconds", 5, 600, **labels),)
        return Story(series=series, fires=(Firing(labels={"partition": "1"}, summary=summary),))

    return case


def _jobs(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = {"job": job(settings, "backend-scheduler"), "tenant": "a", "job_type": "JOB_TYPE_COMPACTION"}
    series = (
        counter("tempo_backend_scheduler_jobs_created_total", 10, 10, **labels),
        counter("tempo_backend_scheduler_jobs_failed_total", 0, 1, **labels),
    )
    return Story(series=series, fires=(Firing(summary="10% of the jobs on blocks fail"),))


_FAILED = "tempo-0 failed 15 times to write a block to the bucket"
CASES: Mapping[str, Case] = {
    "TracingFlushesFailing": _grows("ingester", "tempo_ingester_failed_flushes_total", _FAILED),
    "TracingNothingFlushed": _nothing_flushed(
        "ingester", "tempo_ingester_traces_created_total", "tempo_ingester_blocks_flushed_total"
    ),
    "TracingReplayErrors": _grows(
        "ingester",
        "tempo_ingester_replay_errors_total",
        "tempo-0 could not read 15 blocks of its log",
        {"tenant": "backstage"},
    ),
    "TracingCompletionsFailing": _grows(
        "live-store", "tempo_live_store_failed_completions_total", "tempo-0 failed 15 times to complete a block"
    ),
    "TracingLocalFlushesFailing": _grows("live-store", "tempo_live_store_local_failed_flushes_total", _FAILED),
    "TracingNothingFlushedLocally": _nothing_flushed(
        "live-store", "tempo_live_store_traces_created_total", "tempo_live_store_local_blocks_flushed_total"
    ),
    "TracingBlockBuilderLag": _lag("block-builder", "block builder"),
    "TracingLiveStoreLag": _lag("live-store", "live store"),
    "TracingBackendJobsFailing": _jobs,
}
