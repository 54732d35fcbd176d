"""Bytes a day, bytes in the bucket, and when the bucket may delete by itself."""

import math
from dataclasses import dataclass

from plan.tempo.majors import ingesters_write
from plan.traffic import Traffic
from settings.load import Load
from settings.object_store import ObjectStore
from settings.retention import Retention
from settings.tempo import Tempo

_SECONDS_PER_DAY = 86_400
_HOURS_PER_DAY = 24
# A span is rewritten about twice on its way to a full-sized block; with versioning each rewrite leaves
# a noncurrent copy for as long as noncurrent objects are kept.
COMPACTION_REWRITES = 2
# Tempo's default for how long ingesters keep a flushed block and queriers leave the bucket alone.
_DEFAULT_RECENT_SECONDS = 900
# Tempo's manual: the bucket may be asked first when two polls have passed, or searches have a gap.
_POLLS_UNTIL_SEEN = 2


@dataclass(frozen=True)
class StoragePlan:
    """Bytes in the object store and on the ingesters' volumes, days for the bucket's lifecycle, seconds."""

    detailed_bytes_per_day: int
    long_term_bytes_per_day: int
    stored_bytes: int
    ingester_volume_bytes: int
    backstop_expiry_days: int
    recent_seconds: int


def storage_plan(
    load: Load, retention: Retention, store: ObjectStore, tempo: Tempo, traffic: Traffic
) -> StoragePlan:
    """Derive sizes from the average load, except the ingesters' disk, which must take the peak."""
    detailed = bytes_per_day(load, traffic.kept_share)
    long_term = bytes_per_day(load, traffic.long_term_share) if retention.long_term_hours else 0
    return StoragePlan(
        detailed_bytes_per_day=detailed,
        long_term_bytes_per_day=long_term,
        stored_bytes=stored_bytes(detailed, long_term, retention, store, tempo),
        ingester_volume_bytes=ingester_volume_bytes(load, retention, tempo, traffic),
        backstop_expiry_days=backstop_expiry_days(retention),
        recent_seconds=recent_seconds(tempo),
    )


def bytes_per_day(load: Load, share: float) -> int:
    """Return average spans/s × 86 400 s × kept share × stored bytes of a span."""
    return math.ceil(load.average_spans_per_second * _SECONDS_PER_DAY * share * load.span_bytes_stored)


def stored_bytes(detailed: int, long_term: int, retention: Retention, store: ObjectStore, tempo: Tempo) -> int:
    """Return bytes a day × days kept for both tiers, plus what versioning holds back.

    Versioning keeps each expired or compacted object for `noncurrent_expiry_days` more: every copy that an
    ingester flushed, and every rewrite.
    """
    compacted = retention.compacted_block_hours
    current = detailed * (retention.detailed_hours + compacted) / _HOURS_PER_DAY
    if retention.long_term_hours:
        current += long_term * (retention.long_term_hours + compacted) / _HOURS_PER_DAY
    noncurrent = 0
    if store.versioning:
        versions = copies(tempo) + COMPACTION_REWRITES
        noncurrent = (detailed + long_term) * store.noncurrent_expiry_days * versions
    return math.ceil(current + noncurrent)


def ingester_volume_bytes(load: Load, retention: Retention, tempo: Tempo, traffic: Traffic) -> int:
    """Return peak bytes/s of both tiers × (block duration + time a flushed block stays) × copies / ingesters."""
    seconds = tempo.max_block_duration_seconds + recent_seconds(tempo)
    share = traffic.kept_share + (traffic.long_term_share if retention.long_term_hours else 0)
    rate = load.peak_spans_per_second * share * load.span_bytes_stored
    return math.ceil(rate * seconds * tempo.replication_factor / tempo.ingesters)


def recent_seconds(tempo: Tempo) -> int:
    """Return how long a block is answered by ingesters: two polls, at least Tempo's default."""
    return max(_DEFAULT_RECENT_SECONDS, _POLLS_UNTIL_SEEN * tempo.blocklist_poll_seconds)


def backstop_expiry_days(retention: Retention) -> int:
    """Return the longest retention plus compaction's grace in whole days, plus the margin."""
    longest = max(retention.detailed_hours, retention.long_term_hours or 0)
    return (
        math.ceil((longest + retention.compacted_block_hours) / _HOURS_PER_DAY)
        + retention.bucket_expiry_margin_days
    )


def copies(tempo: Tempo) -> int:
    """Return how often a trace is in the blocks before they are merged; of 3.x Kafka has the copies."""
    return tempo.replication_factor if ingesters_write(tempo) else 1
