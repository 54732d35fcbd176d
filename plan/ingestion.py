"""What Tempo accepts of one tenant before it refuses."""

import math
from dataclasses import dataclass

from plan.traffic import Traffic
from settings.load import Load
from settings.tempo import Tempo

# Tempo 2.x's own defaults; a limit derived from a small load must not be stricter than they are.
_DEFAULT_RATE_BYTES = 15_000_000
_DEFAULT_LIVE_TRACES = 10_000
# Burst over rate, as in Tempo's defaults (20 MB over 15 MB).
_BURST_FACTOR = 4 / 3
# A trace is idle for one period and found to be so within a second one.
_IDLE_PERIODS = 2


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
    return IngestionPlan(
        rate_limit_bytes=rate,
        burst_size_bytes=max(math.ceil(rate * _BURST_FACTOR), 2 * tempo.max_trace_bytes),
        max_live_traces=max(_DEFAULT_LIVE_TRACES, _live_traces(load, tempo, traffic, share)),
    )


def _kept_bytes_per_second(load: Load, share: float) -> int:
    """Return peak spans/s × kept share × bytes of a span × headroom.

    A span on the wire is not larger than in the gateway's memory, so that figure is the upper bound.
    """
    return math.ceil(load.peak_spans_per_second * share * load.span_bytes_in_flight * load.headroom)


def _live_traces(load: Load, tempo: Tempo, traffic: Traffic, share: float) -> int:
    """Return kept traces/s × two idle periods × headroom."""
    seconds = _IDLE_PERIODS * tempo.trace_idle_seconds
    return math.ceil(traffic.peak_new_traces_per_second * share * seconds * load.headroom)
