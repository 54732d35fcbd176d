"""Panels of Tempo's blocks: how many and how large, compaction, retention, and the bucket's answers."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.board import Limits, Panel, Query
from render.grafana.panels import or_zero, quantile, rate, runbook
from render.grafana.thresholds import OUTSTANDING_BLOCKS, STORED_OVER_PLAN_RATIO
from settings.stack import StackSettings

_ANY = Limits(warning=0.001, critical=0.1)
_DAY_IN_HOURS = 24


def storage(settings: StackSettings, plan: Plan) -> Iterator[Panel]:
    """Yield the panels of what lies in the bucket; every process that reads it counts all of it."""
    job = jobs.tempo(settings)
    stored = f'tempodb_backend_bytes_total{{{job}, status="live"}}'
    planned = plan.storage.detailed_bytes + plan.storage.long_term_bytes
    yield Panel(
        title="Bytes stored by tenant",
        description=f"Bytes of blocks that are within their retention. All tenants together are planned to have "
        f"{planned / 1e9:.1f} GB; more costs money, and nothing is lost.",
        unit="bytes",
        queries=(Query(expr=f"max by (tenant) ({stored})", legend="{{tenant}}"),),
        limits=Limits(warning=planned, critical=planned * STORED_OVER_PLAN_RATIO),
        stacked=True,
        links=runbook(settings, "store.md#tracingstorelargerthanplanned"),
    )
    yield Panel(
        title="Growth a day",
        description="How much the stored bytes would grow in a day as in the last hour. Around 0 once the first "
        "blocks expire.",
        unit="bytes",
        queries=(
            Query(
                expr=f"max by (tenant) (delta({stored}[1h])) * {_DAY_IN_HOURS}",
                legend="{{tenant}}",
            ),
        ),
    )
    yield Panel(
        title="Blocks",
        description="Blocks in each tenant's list, which every search goes through. It grows while compaction is "
        "behind.",
        unit="none",
        queries=(Query(expr=f"max by (tenant) (tempodb_blocklist_length{{{job}}})", legend="{{tenant}}"),),
    )
    requests = "tempodb_backend_request_duration_seconds"
    yield Panel(
        title="Requests to the bucket",
        description="Requests a second by operation and status. 404 of GET is usual, 5xx and 429 are not.",
        unit="reqps",
        queries=(
            Query(
                expr=rate(f"{requests}_count{{{job}}}", "operation", "status_code"),
                legend="{{operation}} {{status_code}}",
            ),
        ),
        width=12,
        links=runbook(settings, "store.md#tracingstorerequestsfailing"),
    )
    yield Panel(
        title="Duration of the bucket's answers",
        description="Seconds, 95th percentile by operation. Queries and flushes cannot be faster.",
        unit="s",
        queries=(Query(expr=quantile(0.95, f"{requests}_bucket{{{job}}}", "operation"), legend="{{operation}}"),),
        width=12,
    )


def compaction(settings: StackSettings) -> Iterator[Panel]:
    """Yield the panels of compaction, retention and the list of blocks."""
    job = jobs.tempo(settings)
    yield Panel(
        title="Blocks that wait for compaction",
        description="Outstanding blocks of each tenant. Searches slow down with them: give compaction more "
        "processes or CPU.",
        unit="none",
        queries=(
            Query(expr=f"max by (tenant) (tempodb_compaction_outstanding_blocks{{{job}}})", legend="{{tenant}}"),
        ),
        limits=Limits(warning=OUTSTANDING_BLOCKS / 2, critical=OUTSTANDING_BLOCKS),
        links=runbook(settings, "store.md#tracingcompactionbehind"),
    )
    yield Panel(
        title="Compacted, deleted, failed",
        description="Blocks a second that were merged, marked for deletion and deleted, and errors. No deletions "
        "for a day in a stack older than its retention: traces outlast their tier.",
        unit="ops",
        queries=(
            Query(expr=or_zero(rate(f"tempodb_compaction_blocks_total{{{job}}}")), legend="merged"),
            Query(expr=rate(f"tempodb_retention_marked_for_deletion_total{{{job}}}"), legend="marked"),
            Query(expr=rate(f"tempodb_retention_deleted_total{{{job}}}"), legend="deleted"),
            Query(expr=rate(f"tempodb_compaction_errors_total{{{job}}}"), legend="compaction errors"),
            Query(expr=rate(f"tempodb_retention_errors_total{{{job}}}"), legend="retention errors"),
        ),
        links=runbook(settings, "retention.md"),
    )
    yield from _blocklist(settings, job)


def _blocklist(settings: StackSettings, job: str) -> Iterator[Panel]:
    yield Panel(
        title="Age of the list of blocks",
        description="Seconds since each tenant's list was written, the oldest that any process read. A search "
        "finds no block that is younger.",
        unit="s",
        queries=(
            Query(
                expr=f"max by (tenant) (tempodb_blocklist_tenant_index_age_seconds{{{job}}})", legend="{{tenant}}"
            ),
        ),
        limits=Limits(
            warning=2 * settings.tempo.blocklist_poll_seconds, critical=4 * settings.tempo.blocklist_poll_seconds
        ),
        links=runbook(settings, "store.md#tracingtenantindexold"),
    )
    yield Panel(
        title="Duration of reading the list",
        description="Seconds that a process takes to read the list of blocks, and failures a second. It must be "
        f"well below the poll's {settings.tempo.blocklist_poll_seconds} s.",
        unit="s",
        queries=(
            Query(expr=quantile(0.95, f"tempodb_blocklist_poll_duration_seconds_bucket{{{job}}}"), legend="P95"),
        ),
        width=12,
    )
    yield Panel(
        title="Failures of reading the list",
        description="Failures a second. While they last, new blocks are not found and expired ones not deleted.",
        unit="ops",
        queries=(Query(expr=or_zero(rate(f"tempodb_blocklist_poll_errors_total{{{job}}}")), legend="failed"),),
        limits=_ANY,
        width=12,
        links=runbook(settings, "store.md#tracingblocklistpollsfailing"),
    )
