"""When a span reaches the bucket, when queriers see it there, and who answers for it until then."""

from dataclasses import dataclass

from plan.tempo.majors import ingesters_write
from settings.tempo import POLLS_UNTIL_SEEN, Tempo

# Tempo's default for how long ingesters keep a flushed block and queriers leave the bucket alone.
_DEFAULT_RECENT_SECONDS = 900
# 3.x: Tempo's default of a block builder's cycle; it alerts on partitions that lag by two thirds of the cycle.
_MAX_FLUSH_SECONDS_OF_3 = 300
# Tempo's default for how long its scheduler remembers finished jobs. It must exceed two polls, or the scheduler
# hands the same jobs out again.
DEFAULT_JOB_MEMORY_SECONDS = 3600
_POLLS_REMEMBERED = 3
# Tempo's default of max_trace_live; a trace may not be idle for longer than it may live.
_DEFAULT_TRACE_LIVE_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class TimingPlan:
    """Ages and intervals in seconds.

    - `flush`: how often each writer of blocks flushes one, so the longest that a span waits for its block.
    - `recent`: the age from which queries read the bucket.
    - `unseen`: the age up to which a span may be missing from the blocks that queriers know; in 3.x, how long a
      live store keeps a complete block (`recent` plus one more flush).
    - `trace_live`: the longest that a live store of 3.x waits for more spans of a trace.
    - `job_memory`: how long finished jobs on blocks are remembered.
    """

    flush_seconds: int
    recent_seconds: int
    unseen_seconds: int
    trace_live_seconds: int
    job_memory_seconds: int


def timing_plan(tempo: Tempo) -> TimingPlan:
    """Derive the times from the block duration, the poll and the idle period of traces."""
    flush, recent = flush_seconds(tempo), recent_seconds(tempo)
    return TimingPlan(
        flush_seconds=flush,
        recent_seconds=recent,
        # In 2.x a span waits for its block to be flushed, then for the block to be found.
        unseen_seconds=flush + recent,
        trace_live_seconds=max(_DEFAULT_TRACE_LIVE_SECONDS, tempo.trace_idle_seconds),
        job_memory_seconds=max(DEFAULT_JOB_MEMORY_SECONDS, _POLLS_REMEMBERED * tempo.blocklist_poll_seconds),
    )


def flush_seconds(tempo: Tempo) -> int:
    """Return the block duration; in 3.x at most five minutes.

    Searches of 3.x have a single boundary, and only the bucket answers for data older than it, so the boundary
    must be later than the flush. A 2.x ingester may take longer: queriers query it beyond the boundary too.
    """
    longest = tempo.max_block_duration_seconds
    return longest if ingesters_write(tempo) else min(longest, _MAX_FLUSH_SECONDS_OF_3)


def poll_lag_seconds(tempo: Tempo) -> int:
    """Return the time until every querier knows a flushed block: two polls, at least Tempo's default."""
    return max(_DEFAULT_RECENT_SECONDS, POLLS_UNTIL_SEEN * tempo.blocklist_poll_seconds)


def recent_seconds(tempo: Tempo) -> int:
    """Return the age from which queries read the bucket: two polls, in 3.x after a flush; at least the default."""
    if ingesters_write(tempo):
        return poll_lag_seconds(tempo)
    seen = flush_seconds(tempo) + POLLS_UNTIL_SEEN * tempo.blocklist_poll_seconds
    return max(_DEFAULT_RECENT_SECONDS, seen)
