"""What Tempo accepts of one tenant before it refuses."""

import math
from dataclasses import dataclass

from plan.traffic import Traffic
from settings.load import Load
from settings.tempo import Tempo

# Tempo 2.x's own defaults; a limit derived from a small load must not be stricter than they are.
_DEFAULT_RATE_BYTES = 15_000_000
# Burst over rate, as in Tempo's defaults (20 MB over 15 MB).
_BURST_FACTOR = 4 / 3
# A trace is idle for one period and found to be so within a second one.
_IDLE_PERIODS = 2
# A trace of one or two spans with few attributes. Smaller ones are rare, and the limit has to be the looser one.
_SMALL_TRACE_BYTES = 1_000


@dataclass(frozen=True)
class IngestionPlan:
    """Per-tenant limits: bytes a second, bytes at once, traces being written."""

    rate_limit_bytes: int
    burst_size_bytes: int
    max_live_traces: int


def ingestion_plan(load: Load, tempo: Tempo, traffic: Traffic) -> IngestionPlan:
    """Derive the limits from the peak of kept traffic in an incident."""
    share = traffic.kept_share_in_incident
    rate = max(_DEFAULT_RATE_BYTES, _kept_bytes_per_second(load, share))
    burst = max(math.ceil(rate * _BURST_FACTOR), 2 * tempo.max_trace_bytes)
    return IngestionPlan(
        rate_limit_bytes=rate,
        burst_size_bytes=burst,
        max_live_traces=_live_traces(tempo, rate, burst),
    )


def _kept_bytes_per_second(load: Load, share: float) -> int:
    """Return peak spans/s × kept share × bytes of a span × headroom.

    A span on the wire is not larger than in the gateway's memory, so that figure is the upper bound.
    """
    return math.ceil(load.peak_spans_per_second * share * load.span_bytes_in_flight * load.headroom)


def _live_traces(tempo: Tempo, rate_bytes: int, burst_bytes: int) -> int:
    """Return (rate × two idle periods + burst) / a small trace: more than the limit on bytes lets in.

    A sender over its rate is told to come again; a trace over this limit is dropped, and the sender is told that
    all is well. It would hit whoever brings what waited for Tempo to come back.
    """
    let_in = rate_bytes * _IDLE_PERIODS * tempo.trace_idle_seconds + burst_bytes
    return math.ceil(let_in / _SMALL_TRACE_BYTES)
