"""Cases of the alerts on the bucket and on retention."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Story, counter, gauge, job

POD, TENANT = {"pod": "tempo-0"}, {"tenant": "backstage"}


def _labels(settings: StackSettings, target: str = "querier") -> dict[str, str]:
    return {"job": job(settings, target), **POD}


def _compactor(settings: StackSettings) -> str:
    return "compactor" if settings.tempo.major == 2 else "backend-worker"


def _requests(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    name, labels = "tempodb_backend_request_duration_seconds_count", _labels(settings) | {"operation": "GET"}
    return Story(
        series=(
            counter(name, 900, 900, **labels, status_code="200"),
            # Tempo asks for what may not be there.
            counter(name, 500, 0, **labels, status_code="404"),
            counter(name, 0, 100, **labels, status_code="503"),
        ),
        fires=(Firing(labels={"operation": "GET"}, summary="10% of the bucket's GET requests fail"),),
    )


def _polls(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    series = (counter("tempodb_blocklist_poll_errors_total", None, 1, **_labels(settings), **TENANT),)
    return Story(series=series, fires=(Firing(labels=POD, summary="tempo-0 failed 15 times to list the bucket"),))


def _index(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    series = (gauge("tempodb_blocklist_tenant_index_age_seconds", 30, 7200, **_labels(settings), **TENANT),)
    summary = "The list of blocks of backstage is 2h 0m 0s old"
    return Story(series=series, fires=(Firing(labels=TENANT, summary=summary),))


def _compaction(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    series = (counter("tempodb_compaction_errors_total", 0, 1, **_labels(settings, _compactor(settings))),)
    fires = (Firing(summary="Compaction failed 60 times in an hour"),)
    return Story(series=series, fires=fires, fault_minutes=90, after_minutes=90)


def _behind(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = _labels(settings, _compactor(settings))
    outstanding = gauge("tempodb_compaction_outstanding_blocks", 5, 300, **labels, **TENANT)
    # Two processes share the work.
    running = (gauge("up", 1, 1, **labels), gauge("up", 1, 1, **(labels | {"pod": "tempo-1"})))
    summary = "150 blocks of backstage wait for each compacting process"
    return Story(
        series=(outstanding, *running), fires=(Firing(labels=TENANT, summary=summary),), fault_minutes=400
    )


def _larger(settings: StackSettings, plan: Plan) -> Story:
    planned, labels = plan.storage.detailed_bytes, _labels(settings) | TENANT
    name = "tempodb_backend_bytes_total"
    # Each process reports the same bucket, and blocks that are merged already are not kept for longer.
    other = labels | {"pod": "tempo-1"}
    return Story(
        series=(
            gauge(name, planned, planned * 1.5, **labels, status="live"),
            gauge(name, planned, planned * 1.5, **other, status="live"),
            gauge(name, planned, planned, **labels, status="compacted"),
        ),
        fires=(Firing(labels={"tier": "detailed"}, summary="The detailed tier stores 150% of what is planned"),),
        fault_minutes=90,
    )


def _retention_fails(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    series = (counter("tempodb_retention_errors_total", 0, 1, **_labels(settings, _compactor(settings))),)
    fires = (Firing(summary="Tempo failed 60 times in an hour to delete expired blocks"),)
    return Story(series=series, fires=fires, fault_minutes=90, after_minutes=90)


def _retention_stands(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    labels = _labels(settings, _compactor(settings))
    minutes = 60 if _compactor(settings) == "compactor" else 180
    summary = f"Tempo has not looked for expired blocks for {minutes} minutes"
    series = (counter("tempodb_retention_duration_seconds_count", 1, 0, **labels),)
    return Story(series=series, fires=(Firing(summary=summary),), healthy_minutes=120, fault_minutes=minutes + 60)


CASES: Mapping[str, Case] = {
    "TracingStoreRequestsFailing": _requests,
    "TracingBlocklistPollsFailing": _polls,
    "TracingTenantIndexOld": _index,
    "TracingCompactionFailing": _compaction,
    "TracingCompactionBehind": _behind,
    "TracingStoreLargerThanPlanned": _larger,
    "TracingRetentionFailing": _retention_fails,
    "TracingRetentionNotRunning": _retention_stands,
}
