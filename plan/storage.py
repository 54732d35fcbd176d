"""Bytes a day, bytes in the bucket, and the bucket's own expiry."""

import math
from dataclasses import dataclass

from plan.tempo.majors import ingesters_write
from plan.tempo.timing import poll_lag_seconds
from plan.traffic import Traffic
from plan.units import HOURS_PER_DAY, SECONDS_PER_DAY
from settings.load import Load
from settings.object_store import ObjectStore
from settings.retention import Retention
from settings.tempo import Tempo

# Compaction rewrites a span about twice on its way to a full-sized block. With versioning each rewrite leaves
# a noncurrent copy for as long as noncurrent objects are kept.
COMPACTION_REWRITES = 2


@dataclass(frozen=True, kw_only=True)
class StoragePlan:
    """Bytes written a day, bytes in the bucket, bytes on each ingester's volume, and the bucket's own expiry.

    `noncurrent_bytes` are deleted and overwritten versions.
    """

    detailed_bytes_per_day: int
    long_term_bytes_per_day: int
    detailed_bytes: int
    long_term_bytes: int
    noncurrent_bytes: int
    ingester_volume_bytes: int
    backstop_expiry_days: int

    @property
    def bytes_per_day(self) -> int:
        """Bytes that both tiers write a day."""
        return self.detailed_bytes_per_day + self.long_term_bytes_per_day

    @property
    def stored_bytes(self) -> int:
        """Everything in the bucket."""
        return self.detailed_bytes + self.long_term_bytes + self.noncurrent_bytes


def storage_plan(
    load: Load, retention: Retention, store: ObjectStore, tempo: Tempo, traffic: Traffic
) -> StoragePlan:
    """Derive sizes from the average load, except the ingesters' volume, which must hold the peak."""
    detailed = bytes_per_day(load, traffic.kept_share)
    long_term = bytes_per_day(load, traffic.long_term_share) if retention.long_term_hours else 0
    return StoragePlan(
        detailed_bytes_per_day=detailed,
        long_term_bytes_per_day=long_term,
        detailed_bytes=live_bytes(detailed, retention.detailed_hours, retention),
        long_term_bytes=live_bytes(long_term, retention.long_term_hours or 0, retention),
        noncurrent_bytes=noncurrent_bytes(detailed + long_term, store, tempo),
        ingester_volume_bytes=ingester_volume_bytes(load, retention, tempo, traffic),
        backstop_expiry_days=backstop_expiry_days(retention),
    )


def bytes_per_day(load: Load, share: float) -> int:
    """Return average spans/s × 86 400 s × kept share × stored bytes of a span."""
    return math.ceil(load.average_spans_per_second * SECONDS_PER_DAY * share * load.span_bytes_stored)


def live_bytes(written_per_day: int, hours: int, retention: Retention) -> int:
    """Return bytes a day × days kept for one tier, with the grace of compacted blocks."""
    return math.ceil(written_per_day * (hours + retention.compacted_block_hours) / HOURS_PER_DAY)


def noncurrent_bytes(written_per_day: int, store: ObjectStore, tempo: Tempo) -> int:
    """Return bytes a day × days that noncurrent versions are kept × versions; 0 without versioning.

    Every copy that an ingester flushes and every rewrite becomes a version when it expires or is compacted.
    """
    if not store.versioning:
        return 0
    return written_per_day * store.noncurrent_expiry_days * (flushed_copies(tempo) + COMPACTION_REWRITES)


def ingester_volume_bytes(load: Load, retention: Retention, tempo: Tempo, traffic: Traffic) -> int:
    """Return peak bytes/s of both tiers × (block duration + time a flushed block stays) × copies / ingesters."""
    seconds = tempo.max_block_duration_seconds + poll_lag_seconds(tempo)
    rate = load.peak_spans_per_second * traffic.sent_share(retention) * load.span_bytes_stored
    return math.ceil(rate * seconds * tempo.replication_factor / tempo.ingesters)


def tier_hours(retention: Retention) -> tuple[int, ...]:
    """Return the retention of each tier that the stack has."""
    return tuple(hours for hours in (retention.detailed_hours, retention.long_term_hours) if hours)


def backstop_expiry_days(retention: Retention) -> int:
    """Return the longest retention plus the grace of compacted blocks in whole days, plus the margin."""
    hours = retention.longest_hours + retention.compacted_block_hours
    return math.ceil(hours / HOURS_PER_DAY) + retention.bucket_expiry_margin_days


def flushed_copies(tempo: Tempo) -> int:
    """Return how many copies of a trace are flushed in blocks, before they are merged.

    In 3.x Kafka holds the copies, and one block builder writes the trace once.
    """
    return tempo.replication_factor if ingesters_write(tempo) else 1
