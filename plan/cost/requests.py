"""Requests from Tempo to its object store, which Amazon S3 bills besides bytes.

Counts are for a day of steady operation: no failures, no retries, no hedged reads. The requests for a block or a
poll are from Tempo's source; the searches are assumptions, in constants named `ASSUMED`.
"""

import math
from dataclasses import dataclass

from plan.plan import Plan
from plan.storage import COMPACTION_REWRITES, flushed_copies, tier_hours
from plan.tempo.majors import (
    BACKEND_SCHEDULER,
    BACKEND_WORKER,
    COMPACTOR,
    QUERIER,
    QUERY_FRONTEND,
    ingesters_write,
)
from plan.tempo.workloads import generator_count
from plan.tenants import tenant_count
from plan.units import HOURS_PER_DAY, MIB, SECONDS_PER_DAY
from settings.stack import StackSettings

# Tempo's default: blocks of the same hour are merged until one remains.
_COMPACTION_WINDOW_HOURS = 1
# tempodb/blockselector: at most this many blocks are merged at once.
_MERGED_AT_ONCE = 4
# Tempo's default: an ingester cuts a block of this size early.
_MAX_FLUSH_BYTES = 500 * MIB
# tempodb/encoding/vparquet4: data, one bloom filter (a second above 85 000 traces a block), index, meta.
OBJECTS_PER_BLOCK = 4
# The upload of data needs a request to begin and one to complete it, beside its parts; meta is copied once more
# when the block is merged or has expired (tempodb/backend/s3: MarkBlockCompacted).
_PUTS_PER_BLOCK = (OBJECTS_PER_BLOCK - 1) + 2 + 1
# The S3 client's smallest part (minio-go: minPartSize); Tempo does not configure a larger one.
_PART_BYTES = 16 * MIB
# tempodb/encoding/vparquet4, openForIteration: the bytes that compaction reads at once.
_COMPACTION_READ_BYTES = 2 * MIB
# Tempo's default of blocklist_poll_tenant_index_builders: this many processes list a tenant's blocks and write its
# index, which all others read.
_INDEX_BUILDERS = 2
_BUILD_INDEXES = (COMPACTOR, BACKEND_WORKER)
_ONLY_READ_INDEXES = (QUERIER, QUERY_FRONTEND, BACKEND_SCHEDULER)
# The index is written twice, as JSON and in a binary form (tempodb/backend: WriteTenantIndex).
_INDEX_OBJECTS = 2
# Tempo's default of list_blocks_concurrency: a tenant's blocks are listed in this many shares.
_LISTED_SHARES = 3
# S3 lists at most this many objects per request.
_LISTED_AT_ONCE = 1000
# An index builder reads a new block's meta, and later the copy that marks it as compacted.
_META_READS_PER_BLOCK = 2
# Assumed until tempodb_backend_request_duration_seconds_count gives measured figures: this many searches a day,
# each over Grafana's default of one hour and over all tenants, reading this share of the blocks (a search reads
# only some columns).
ASSUMED_SEARCHES_PER_DAY = 1000
_ASSUMED_SEARCH_HOURS = 1
# The same for TraceQL metrics: a page of Traces Drilldown asks several queries, over one hour by default.
ASSUMED_METRICS_QUERIES_PER_DAY = 1000
_ASSUMED_SEARCHED_SHARE = 0.1
# Tempo's default of read_buffer_size_bytes: the bytes that a search reads at once.
_SEARCH_READ_BYTES = MIB


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Blocks that are flushed and that compaction writes in a day, and blocks in the bucket at any time."""

    flushed: float
    merged: float
    at_rest: float

    @property
    def written(self) -> float:
        """All new blocks of a day; in steady operation as many are deleted."""
        return self.flushed + self.merged

    def __add__(self, other: "Blocks") -> "Blocks":
        """Return the blocks of both."""
        return Blocks(
            flushed=self.flushed + other.flushed,
            merged=self.merged + other.merged,
            at_rest=self.at_rest + other.at_rest,
        )


@dataclass(frozen=True, kw_only=True)
class StoreRequests:
    """Requests a day by purpose, and in the two classes that S3 has prices for (deleting is free)."""

    block_puts: float
    index_puts: float
    lists: float
    poll_gets: float
    compaction_gets: float
    search_gets: float
    metrics_gets: float
    check_gets: float

    @property
    def puts(self) -> float:
        """Requests that write objects."""
        return self.block_puts + self.index_puts

    @property
    def gets(self) -> float:
        """Requests that read objects."""
        return self.poll_gets + self.compaction_gets + self.search_gets + self.metrics_gets + self.check_gets


def blocks(settings: StackSettings, plan: Plan) -> Blocks:
    """Return the blocks of steady operation, as if every tenant sent spans to every ingester all day."""
    of_tier, hours = settings.tenants.of_each_tier, tier_hours(settings.retention)
    by_time = settings.tempo.ingesters * tenant_count(settings) * SECONDS_PER_DAY / plan.timing.flush_seconds
    by_size = plan.storage.bytes_per_day * flushed_copies(settings.tempo) / _MAX_FLUSH_BYTES
    found = _blocks(flushed=max(by_time, by_size), tenants=tenant_count(settings), at_rest=of_tier * sum(hours))
    return found + _blocks_for_metrics(settings, plan)


def _blocks_for_metrics(settings: StackSettings, plan: Plan) -> Blocks:
    """Return the blocks of metrics generators, as if every tenant sent spans to each of them all day.

    They hold one copy of the detailed tier, and are never merged with the blocks of ingesters.
    """
    if not settings.tempo.generators_write_blocks:
        return Blocks(flushed=0, merged=0, at_rest=0)
    generators = max(1, generator_count(plan.tempo))
    tenants = settings.tenants.of_each_tier
    by_time = generators * tenants * SECONDS_PER_DAY / plan.timing.metrics_flush_seconds
    by_size = plan.storage.metrics_bytes_per_day / _MAX_FLUSH_BYTES
    at_rest = tenants * settings.retention.detailed_hours
    return _blocks(flushed=max(by_time, by_size), tenants=tenants, at_rest=at_rest)


def _blocks(*, flushed: float, tenants: int, at_rest: float) -> Blocks:
    """Return flushed blocks, and those that merging adds until one of each tenant's hour is left."""
    windows = tenants * HOURS_PER_DAY / _COMPACTION_WINDOW_HOURS
    merges = max(0, math.ceil((flushed / windows - 1) / (_MERGED_AT_ONCE - 1)))
    return Blocks(flushed=flushed, merged=windows * merges, at_rest=at_rest / _COMPACTION_WINDOW_HOURS)


def store_requests(settings: StackSettings, plan: Plan) -> StoreRequests:
    """Derive a day's requests from blocks, bytes and polls."""
    tempo, block_counts, tenants = settings.tempo, blocks(settings, plan), tenant_count(settings)
    polls = SECONDS_PER_DAY / tempo.blocklist_poll_seconds
    pollers, builders = _pollers(settings, plan)
    lists_per_poll = tenants * _LISTED_SHARES + block_counts.at_rest * OBJECTS_PER_BLOCK / _LISTED_AT_ONCE
    flushed = plan.storage.bytes_per_day * flushed_copies(tempo) + plan.storage.metrics_bytes_per_day
    merged = plan.storage.bytes_per_day + plan.storage.metrics_bytes_per_day
    written = flushed + merged * COMPACTION_REWRITES
    # The first merge reads the flushed blocks, the next one reads the output of the first.
    read = flushed + merged * (COMPACTION_REWRITES - 1)
    return StoreRequests(
        block_puts=block_counts.written * (_PUTS_PER_BLOCK + 1) + written / _PART_BYTES,
        index_puts=polls * tenants * builders * _INDEX_OBJECTS,
        # Every process that polls lists the tenants; deleting a block lists its objects.
        lists=polls * (pollers + builders * lists_per_poll) + block_counts.written,
        poll_gets=polls * tenants * (pollers - builders) + block_counts.written * builders * _META_READS_PER_BLOCK,
        compaction_gets=read / _COMPACTION_READ_BYTES,
        search_gets=ASSUMED_SEARCHES_PER_DAY * _searched_bytes(plan) / _SEARCH_READ_BYTES,
        metrics_gets=_metrics_queries(settings) * _searched_bytes(plan) / _SEARCH_READ_BYTES,
        check_gets=_check_reads(settings) * tempo.ingesters,
    )


def _pollers(settings: StackSettings, plan: Plan) -> tuple[int, int]:
    """Return the number of processes that poll the store, and of those that build each tenant's index."""
    if settings.tempo.deployment_mode == "monolithic":
        return 1, 1
    replicas = {w.target: w.replicas for w in plan.tempo if w.target in {*_ONLY_READ_INDEXES, *_BUILD_INDEXES}}
    building = sum(count for target, count in replicas.items() if target in _BUILD_INDEXES)
    return sum(replicas.values()), min(_INDEX_BUILDERS, building)


def _metrics_queries(settings: StackSettings) -> int:
    """Return the queries a day; none where Tempo cannot answer them, which is in 2.x without the setting."""
    answered = settings.tempo.generators_write_blocks or not ingesters_write(settings.tempo)
    return ASSUMED_METRICS_QUERIES_PER_DAY if answered else 0


def _check_reads(settings: StackSettings) -> float:
    """Return how often the synthetic check looks for a trace by id a day, each time in a block of each ingester.

    By each way it reads every tier, twice on average until the trace is there. The bloom filter of the one block
    in the range of time is read each time, as if no cache held it.
    """
    if not settings.synthetic_check.enabled:
        return 0
    tiers = 2 if settings.retention.long_term_hours else 1
    ways = settings.tenants.of_each_tier + 1
    return 2 * tiers * ways * SECONDS_PER_DAY / settings.synthetic_check.interval_seconds


def _searched_bytes(plan: Plan) -> float:
    hourly = plan.storage.detailed_bytes_per_day / HOURS_PER_DAY
    return hourly * _ASSUMED_SEARCH_HOURS * _ASSUMED_SEARCHED_SHARE
