"""When a span reaches the bucket, when queriers see it there, and who answers for it until then."""

import math
from dataclasses import dataclass

from plan.tempo.majors import ingesters_write
from settings.tempo import POLLS_UNTIL_SEEN, Tempo

# Tempo's default for how long ingesters keep a flushed block and queriers leave the bucket alone.
_DEFAULT_RECENT_SECONDS = 900
# Tempo's default of a block builder's cycle in 3.x; it alerts on partitions that lag by two thirds of the cycle.
# Metrics generators of 2.x get the same: their default of one minute would cost five times the requests.
_MAX_FLUSH_SECONDS_BEFORE_ONE_BOUNDARY = 300
# How long after its end a span may reach Tempo in steady operation: it waits for the sampling decision, five
# minutes at most, and for batches and perhaps a retry. Metrics generators ignore later spans (Tempo's default:
# 30 s). Not derived from the setting, so that another time of decision does not restart Tempo.
LATE_SECONDS = 360
# A block that was cut is written in Parquet and uploaded; Tempo looks for cut blocks every ten seconds at most.
_UPLOAD_SECONDS = 60
# Tempo's default for how long its scheduler remembers finished jobs. It must exceed two polls, or the scheduler
# hands the same jobs out again.
DEFAULT_JOB_MEMORY_SECONDS = 3600
_POLLS_REMEMBERED = 3
# Tempo's default of max_trace_live; a trace may not be idle for longer than it may live.
_DEFAULT_TRACE_LIVE_SECONDS = 30
# A window in local time is an hour longer when summer time ends within it.
_SUMMER_TIME_HOURS = 1
# Before it checks the length, Tempo rounds a metrics query outwards to whole steps and begins one step earlier:
# three steps at most. A step is by default a 240th of the window (traceql.DefaultQueryRangeStep, AlignRequest);
# a query over the whole window that names a longer step may be refused.
_ROUNDED_STEPS = 3
_STEPS_OF_A_WINDOW = 240


@dataclass(frozen=True, kw_only=True)
class TimingPlan:
    """Ages and intervals in seconds, and the longest time range of a query in hours.

    - `flush`: how often each writer of blocks flushes one, so the longest that a span waits for its block.
    - `recent`: the age from which queries read the bucket.
    - `unseen`: the age up to which a span may be missing from the blocks that queriers know; in 3.x, how long a
      live store keeps a complete block (`recent` plus one more flush).
    - `metrics_flush`, `metrics_recent`: the same as the first two for TraceQL metrics, which in 2.x are answered
      from the blocks of metrics generators; in 3.x they are equal. Like `recent` in 3.x, the second allows for
      spans that arrive late.
    - `trace_live`: the longest that a live store of 3.x waits for more spans of a trace.
    - `job_memory`: how long finished jobs on blocks are remembered.
    """

    flush_seconds: int
    recent_seconds: int
    unseen_seconds: int
    metrics_flush_seconds: int
    metrics_recent_seconds: int
    trace_live_seconds: int
    job_memory_seconds: int
    longest_query_hours: int

    @property
    def metrics_kept_seconds(self) -> int:
        """How long a metrics generator keeps a block: until the bucket answers, and a flush more."""
        return self.metrics_recent_seconds + self.metrics_flush_seconds


def timing_plan(tempo: Tempo) -> TimingPlan:
    """Derive the times from the block duration, the poll and the idle period of traces."""
    flush, recent = flush_seconds(tempo), recent_seconds(tempo)
    return TimingPlan(
        flush_seconds=flush,
        recent_seconds=recent,
        # In 2.x a span waits for its block to be flushed, then for the block to be found.
        unseen_seconds=flush + recent,
        metrics_flush_seconds=_flush_before_one_boundary(tempo),
        metrics_recent_seconds=_recent_behind_one_boundary(tempo),
        trace_live_seconds=max(_DEFAULT_TRACE_LIVE_SECONDS, tempo.trace_idle_seconds),
        job_memory_seconds=max(DEFAULT_JOB_MEMORY_SECONDS, _POLLS_REMEMBERED * tempo.blocklist_poll_seconds),
        longest_query_hours=_longest_query_hours(tempo.search_window_hours),
    )


def flush_seconds(tempo: Tempo) -> int:
    """Return the block duration; in 3.x at most five minutes.

    Searches of 3.x have a single boundary, and only the bucket answers for data older than it, so the boundary
    must be later than the flush. A 2.x ingester may take longer: queriers query it beyond the boundary too.
    """
    return tempo.max_block_duration_seconds if ingesters_write(tempo) else _flush_before_one_boundary(tempo)


def poll_lag_seconds(tempo: Tempo) -> int:
    """Return the time until every querier knows a flushed block: two polls, at least Tempo's default."""
    return max(_DEFAULT_RECENT_SECONDS, POLLS_UNTIL_SEEN * tempo.blocklist_poll_seconds)


def recent_seconds(tempo: Tempo) -> int:
    """Return the age from which queries read the bucket: two polls, in 3.x after all before; at least 15 min."""
    return poll_lag_seconds(tempo) if ingesters_write(tempo) else _recent_behind_one_boundary(tempo)


def _longest_query_hours(window_hours: int) -> int:
    """Return the window, an hour for the end of summer time, and what Tempo rounds a window outwards by."""
    return window_hours + _SUMMER_TIME_HOURS + math.ceil(window_hours * _ROUNDED_STEPS / _STEPS_OF_A_WINDOW)


def _flush_before_one_boundary(tempo: Tempo) -> int:
    return min(tempo.max_block_duration_seconds, _MAX_FLUSH_SECONDS_BEFORE_ONE_BOUNDARY)


def _recent_behind_one_boundary(tempo: Tempo) -> int:
    """Return how old a span is at most when queriers know its block.

    It arrives late, its trace must be idle when a check finds it, then its block is cut, uploaded and polled.
    """
    cut = 2 * tempo.trace_idle_seconds + _flush_before_one_boundary(tempo)
    seen = LATE_SECONDS + cut + _UPLOAD_SECONDS + POLLS_UNTIL_SEEN * tempo.blocklist_poll_seconds
    return max(_DEFAULT_RECENT_SECONDS, seen)
