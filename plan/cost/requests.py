"""How often Tempo asks its object store for something: what Amazon S3 bills besides bytes.

Counts are of a day, and of steady operation: no failures, no retries, no hedged reads. What Tempo does for a block
or a poll was read in its source; what people search for is assumed, under names that say so.
"""

import math
from dataclasses import dataclass

from plan.plan import Plan
from plan.storage import COMPACTION_REWRITES, copies
from plan.tempo.majors import (
    BACKEND_SCHEDULER,
    BACKEND_WORKER,
    COMPACTOR,
    QUERIER,
    QUERY_FRONTEND,
    ingesters_write,
)
from settings.stack import StackSettings
from settings.tempo import Tempo

_SECONDS_PER_DAY = 86_400
_HOURS_PER_DAY = 24
# Tempo's default: blocks of the same hour are merged until one is left.
_COMPACTION_WINDOW_HOURS = 1
# tempodb/blockselector: so many blocks are merged at once when there are as many.
_MERGED_AT_ONCE = 4
# Tempo's default in 3.x: a block builder writes what it read of Kafka at least this often.
_LONGEST_FLUSH_SECONDS_OF_3 = 300
# Tempo's default: an ingester cuts a block of this size before its time.
_LARGEST_FLUSH_BYTES = 500 * 2**20
# tempodb/encoding/vparquet4: data, one bloom filter (a second above 85 000 traces a block), index, meta.
OBJECTS_PER_BLOCK = 4
# Beside its parts, data needs a request that begins the upload and one that ends it; meta is copied once more
# when the block is merged or has expired (tempodb/backend/s3: MarkBlockCompacted).
_PUTS_PER_BLOCK = (OBJECTS_PER_BLOCK - 1) + 2 + 1
# The S3 client's smallest part (minio-go: minPartSize); Tempo asks for no larger one.
_PART_BYTES = 16 * 2**20
# tempodb/encoding/vparquet4, openForIteration: what compaction reads at once.
_COMPACTION_READ_BYTES = 2 * 2**20
# Tempo's default of blocklist_poll_tenant_index_builders: so many processes list a tenant's blocks and write its
# index, all others read that.
_INDEX_BUILDERS = 2
_BUILD_INDEXES = (COMPACTOR, BACKEND_WORKER)
_ONLY_READ_INDEXES = (QUERIER, QUERY_FRONTEND, BACKEND_SCHEDULER)
# The index is written twice, as JSON and in a binary form (tempodb/backend: WriteTenantIndex).
_INDEX_OBJECTS = 2
# Tempo's default of list_blocks_concurrency: a tenant's blocks are listed in so many shares.
_LISTED_SHARES = 3
# S3 lists at most this many objects at once.
_LISTED_AT_ONCE = 1000
# A builder reads a new block's meta, and the copy that says it was merged.
_META_READS_PER_BLOCK = 2
# Assumed until tempodb_backend_request_duration_seconds_count says better: so many searches a day, each over
# Grafana's default of one hour and over all tenants, reading this share of the blocks (columns are stored apart).
ASSUMED_SEARCHES_PER_DAY = 1000
_ASSUMED_SEARCH_HOURS = 1
_ASSUMED_SEARCHED_SHARE = 0.1
# Tempo's default of read_buffer_size_bytes: what a search reads at once.
_SEARCH_READ_BYTES = 2**20


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Blocks a day that are flushed and that compaction writes; and how many there are at any time."""

    flushed: float
    merged: float
    at_rest: float

    @property
    def written(self) -> float:
        """All blocks that a day brings; in steady operation as many are deleted."""
        return self.flushed + self.merged


@dataclass(frozen=True, kw_only=True)
class StoreRequests:
    """Requests a day: by what they are for, and in the two classes that S3 has prices for (deleting is free)."""

    block_puts: float
    index_puts: float
    lists: float
    poll_gets: float
    compaction_gets: float
    search_gets: float

    @property
    def puts(self) -> float:
        """Requests that write objects."""
        return self.block_puts + self.index_puts

    @property
    def gets(self) -> float:
        """Requests that read objects."""
        return self.poll_gets + self.compaction_gets + self.search_gets


def folders(settings: StackSettings) -> int:
    """Return the tenants of all tiers: each has a folder of blocks and an index."""
    return (len(settings.tenants.namespaces) + 1) * len(_tier_hours(settings))


def blocks(settings: StackSettings, plan: Plan) -> Blocks:
    """Return blocks of steady operation, as if every tenant sent spans to every ingester all day."""
    each_has = folders(settings)
    by_time = settings.tempo.ingesters * each_has * _SECONDS_PER_DAY / block_seconds(settings.tempo)
    by_size = _kept_bytes(plan) * copies(settings.tempo) / _LARGEST_FLUSH_BYTES
    flushed = max(by_time, by_size)
    windows = each_has * _HOURS_PER_DAY / _COMPACTION_WINDOW_HOURS
    merges = max(0, math.ceil((flushed / windows - 1) / (_MERGED_AT_ONCE - 1)))
    hours = sum(_tier_hours(settings))
    at_rest = (len(settings.tenants.namespaces) + 1) * hours / _COMPACTION_WINDOW_HOURS
    return Blocks(flushed=flushed, merged=windows * merges, at_rest=at_rest)


def store_requests(settings: StackSettings, plan: Plan) -> StoreRequests:
    """Derive a day's requests from blocks, bytes and polls."""
    tempo, some = settings.tempo, blocks(settings, plan)
    polls = _SECONDS_PER_DAY / tempo.blocklist_poll_seconds
    pollers, builders = _pollers(settings, plan)
    each_has = folders(settings)
    listed = each_has * _LISTED_SHARES + some.at_rest * OBJECTS_PER_BLOCK / _LISTED_AT_ONCE
    kept = _kept_bytes(plan)
    written = kept * (copies(tempo) + COMPACTION_REWRITES)
    # The first merge reads the ingesters' blocks, the next what the first one wrote.
    read = kept * (copies(tempo) + COMPACTION_REWRITES - 1)
    return StoreRequests(
        block_puts=some.written * (_PUTS_PER_BLOCK + 1) + written / _PART_BYTES,
        index_puts=polls * each_has * builders * _INDEX_OBJECTS,
        # Every process that polls lists the tenants; deleting a block lists its objects.
        lists=polls * (pollers + builders * listed) + some.written,
        poll_gets=polls * each_has * (pollers - builders) + some.written * builders * _META_READS_PER_BLOCK,
        compaction_gets=read / _COMPACTION_READ_BYTES,
        search_gets=ASSUMED_SEARCHES_PER_DAY * _searched_bytes(plan) / _SEARCH_READ_BYTES,
    )


def block_seconds(tempo: Tempo) -> int:
    """Return how often each writer of blocks flushes one."""
    longest = tempo.max_block_duration_seconds
    return longest if ingesters_write(tempo) else min(longest, _LONGEST_FLUSH_SECONDS_OF_3)


def _pollers(settings: StackSettings, plan: Plan) -> tuple[int, int]:
    """Return the processes that poll the store, and those among them that build each tenant's index."""
    if settings.tempo.deployment_mode == "monolithic":
        return 1, 1
    replicas = {w.target: w.replicas for w in plan.tempo if w.target in {*_ONLY_READ_INDEXES, *_BUILD_INDEXES}}
    building = sum(count for target, count in replicas.items() if target in _BUILD_INDEXES)
    return sum(replicas.values()), min(_INDEX_BUILDERS, building)


def _tier_hours(settings: StackSettings) -> tuple[int, ...]:
    retention = settings.retention
    return tuple(hours for hours in (retention.detailed_hours, retention.long_term_hours) if hours)


def _kept_bytes(plan: Plan) -> int:
    return plan.storage.detailed_bytes_per_day + plan.storage.long_term_bytes_per_day


def _searched_bytes(plan: Plan) -> float:
    hourly = plan.storage.detailed_bytes_per_day / _HOURS_PER_DAY
    return hourly * _ASSUMED_SEARCH_HOURS * _ASSUMED_SEARCHED_SHARE
