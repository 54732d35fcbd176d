"""Bytes a day, bytes in the bucket, and the bucket's own expiry."""

import math
from dataclasses import dataclass

from plan.tempo.generators import generator_volume_bytes
from plan.tempo.majors import ingesters_write
from plan.tempo.timing import TimingPlan
from plan.traffic import Traffic
from plan.units import HOURS_PER_DAY, SECONDS_PER_DAY
from settings.load import Load
from settings.object_store import ObjectStore
from settings.retention import Retention
from settings.stack import StackSettings
from settings.tempo import Tempo

# Compaction rewrites a span about twice on its way to a full-sized block. With versioning each rewrite leaves
# a noncurrent copy for as long as noncurrent objects are kept.
COMPACTION_REWRITES = 2


@dataclass(frozen=True, kw_only=True)
class StoragePlan:
    """Bytes written a day, bytes in the bucket, bytes on volumes, and the bucket's own expiry.

    - `metrics_bytes`: the copy of the detailed tier from which 2.x answers TraceQL metrics.
    - `noncurrent_bytes`: deleted and overwritten versions.
    - `ingester_volume_bytes`, `generator_volume_bytes`: on each one's volume; a monolith has one volume for both.
    """

    detailed_bytes_per_day: int
    long_term_bytes_per_day: int
    metrics_bytes_per_day: int
    detailed_bytes: int
    long_term_bytes: int
    metrics_bytes: int
    noncurrent_bytes: int
    ingester_volume_bytes: int
    generator_volume_bytes: int
    backstop_expiry_days: int

    @property
    def bytes_per_day(self) -> int:
        """Bytes that both tiers write a day."""
        return self.detailed_bytes_per_day + self.long_term_bytes_per_day

    @property
    def stored_bytes(self) -> int:
        """Everything in the bucket."""
        return self.detailed_bytes + self.long_term_bytes + self.metrics_bytes + self.noncurrent_bytes


def storage_plan(settings: StackSettings, traffic: Traffic, timing: TimingPlan, generators: int) -> StoragePlan:
    """Derive sizes from the average load, except the volumes, which must hold the peak.

    `generators` is the number of metrics generators, 0 in a monolith.
    """
    load, retention, tempo = settings.load, settings.retention, settings.tempo
    detailed = bytes_per_day(load, traffic.kept_share)
    long_term = bytes_per_day(load, traffic.long_term_share) if retention.long_term_hours else 0
    metrics = detailed if tempo.generators_write_blocks else 0
    on_ingesters = ingester_volume_bytes(load, retention, tempo, traffic, timing)
    on_generators = generator_volume_bytes(settings, traffic, timing, max(1, generators))
    if tempo.deployment_mode == "monolithic":
        on_ingesters, on_generators = on_ingesters + on_generators, 0
    elif not tempo.generators_write_blocks:
        # Generators have no volume.
        on_generators = 0
    return StoragePlan(
        detailed_bytes_per_day=detailed,
        long_term_bytes_per_day=long_term,
        metrics_bytes_per_day=metrics,
        detailed_bytes=live_bytes(detailed, retention.detailed_hours, retention),
        long_term_bytes=live_bytes(long_term, retention.long_term_hours or 0, retention),
        metrics_bytes=live_bytes(metrics, retention.detailed_hours, retention),
        noncurrent_bytes=noncurrent_bytes(detailed + long_term, settings.object_store, flushed_copies(tempo))
        + noncurrent_bytes(metrics, settings.object_store, copies=1),
        ingester_volume_bytes=on_ingesters,
        generator_volume_bytes=on_generators,
        backstop_expiry_days=backstop_expiry_days(retention),
    )


def bytes_per_day(load: Load, share: float) -> int:
    """Return average spans/s × 86 400 s × kept share × stored bytes of a span."""
    return math.ceil(load.average_spans_per_second * SECONDS_PER_DAY * share * load.span_bytes_stored)


def live_bytes(written_per_day: int, hours: int, retention: Retention) -> int:
    """Return bytes a day × days kept for one tier, with the grace of compacted blocks."""
    return math.ceil(written_per_day * (hours + retention.compacted_block_hours) / HOURS_PER_DAY)


def noncurrent_bytes(written_per_day: int, store: ObjectStore, copies: int) -> int:
    """Return bytes a day × days that noncurrent versions are kept × versions; 0 without versioning.

    Every copy that is flushed and every rewrite becomes a version when it expires or is compacted.
    """
    if not store.versioning:
        return 0
    return written_per_day * store.noncurrent_expiry_days * (copies + COMPACTION_REWRITES)


def ingester_volume_bytes(
    load: Load, retention: Retention, tempo: Tempo, traffic: Traffic, timing: TimingPlan
) -> int:
    """Return peak bytes/s of both tiers × (block duration + time a flushed block stays) × copies / ingesters.

    In 3.x `tempo.ingesters` live stores of each zone share one copy, and a block stays for longer.
    """
    ingesters = ingesters_write(tempo)
    seconds = timing.flush_seconds + (timing.recent_seconds if ingesters else timing.unseen_seconds)
    copies = tempo.replication_factor if ingesters else 1
    rate = load.peak_spans_per_second * traffic.sent_share(retention) * load.span_bytes_stored
    return math.ceil(rate * seconds * copies / tempo.ingesters)


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
