"""Alerts on the bucket: requests, the lists of blocks, compaction, and how much is stored."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.tempo.majors import BACKEND_WORKER, COMPACTOR, ingesters_write
from render.grafana import jobs
from render.grafana.promql import grown, rate
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import FAILED_REQUESTS_RATIO, OUTSTANDING_BLOCKS, STORED_OVER_PLAN_RATIO
from render.tenants import long_term_tenants
from settings.stack import StackSettings

# Three polls that failed; Tempo itself goes on with the list of the last one.
_STALE_POLLS = 3


def store(settings: StackSettings, plan: Plan) -> Group:
    """Return the group."""
    alerts = (*_requests(settings), *_lists(settings), *_compacted(settings), *_stored(settings, plan))
    return Group(name="tracing-store", rules=alerts)


def _requests(settings: StackSettings) -> Iterator[Alert]:
    job = jobs.tempo(settings)
    every = f"tempodb_backend_request_duration_seconds_count{{{job}}}"
    # 403 is a missing right; 404 is how Tempo learns that something is not there.
    failed = f'tempodb_backend_request_duration_seconds_count{{{job}, status_code=~"403|5.."}}'
    yield Alert(
        name="TracingStoreRequestsFailing",
        expr=f"{rate(failed, 'operation')} / {rate(every, 'operation')} > {FAILED_REQUESTS_RATIO}",
        for_seconds=600,
        severity="critical",
        summary="{{ $value | humanizePercentage }} of the bucket's {{ $labels.operation }} requests fail",
        description="Blocks wait on Tempo's volumes, and searches of older traces fail.",
        runbook="store.md#tracingstorerequestsfailing",
    )


def _lists(settings: StackSettings) -> Iterator[Alert]:
    job = jobs.tempo(settings)
    stale = max(_STALE_POLLS * settings.tempo.blocklist_poll_seconds, 600)
    yield Alert(
        name="TracingBlocklistPollsFailing",
        expr=f"{grown(f'tempodb_blocklist_poll_errors_total{{{job}}}', 'pod')} > 2",
        for_seconds=0,
        severity="critical",
        summary="{{ $labels.pod }} failed {{ $value | humanize }} times to list the bucket",
        description="Searches miss traces that were written since, and read blocks that are gone.",
        runbook="store.md#tracingblocklistpollsfailing",
    )
    yield Alert(
        name="TracingTenantIndexOld",
        expr=f"max by (tenant) (tempodb_blocklist_tenant_index_age_seconds{{{job}}}) > {stale}",
        for_seconds=300,
        severity="warning",
        summary="The list of blocks of {{ $labels.tenant }} is {{ $value | humanizeDuration }} old",
        description="Searches of this tenant miss traces that were written since.",
        runbook="store.md#tracingtenantindexold",
    )


def _compacted(settings: StackSettings) -> Iterator[Alert]:
    worker = COMPACTOR if ingesters_write(settings.tempo) else BACKEND_WORKER
    yield Alert(
        name="TracingCompactionFailing",
        expr=f"{grown(f'tempodb_compaction_errors_total{{{jobs.tempo(settings)}}}', window='1h')} > 2",
        for_seconds=0,
        severity="warning",
        summary="Compaction failed {{ $value | humanize }} times in an hour",
        description="Nothing is lost. Blocks accumulate, and searches become slower.",
        runbook="store.md#tracingcompactionfailing",
    )
    outstanding = f"max by (tenant) (tempodb_compaction_outstanding_blocks{{{jobs.tempo(settings)}}})"
    yield Alert(
        name="TracingCompactionBehind",
        expr=f"{outstanding} / on () group_left () (sum(up{{{jobs.tempo(settings, worker)}}}) > 0) "
        f"> {OUTSTANDING_BLOCKS}",
        for_seconds=6 * 3600,
        severity="warning",
        summary="{{ $value | humanize }} blocks of {{ $labels.tenant }} wait for each compacting process",
        description="Nothing is lost. Searches read many small blocks and become slower.",
        runbook="store.md#tracingcompactionbehind",
    )


def _stored(settings: StackSettings, plan: Plan) -> Iterator[Alert]:
    long_term = "|".join(long_term_tenants(settings))
    stored = f'tempodb_backend_bytes_total{{{jobs.tempo(settings)}, status="live"'
    tiers = [("detailed", f', tenant!~"{long_term}"' if long_term else "", plan.storage.detailed_bytes)]
    if long_term:
        tiers.append(("long-term", f', tenant=~"{long_term}"', plan.storage.long_term_bytes))
    shares = [
        f'label_replace(sum(max by (tenant) ({stored}{tenants}}})) / {planned}, "tier", "{tier}", "", "")'
        f" > {STORED_OVER_PLAN_RATIO}"
        for tier, tenants, planned in tiers
    ]
    yield Alert(
        name="TracingStoreLargerThanPlanned",
        expr="\nor\n".join(shares),
        for_seconds=3600,
        severity="warning",
        summary="The {{ $labels.tier }} tier stores {{ $value | humanizePercentage }} of what is planned",
        description="Nothing is lost. More traces are kept than planned, or blocks outlast their retention; both "
        "cost money.",
        runbook="store.md#tracingstorelargerthanplanned",
    )
