"""The limits up to which Tempo accepts spans of one tenant."""

import math
from dataclasses import dataclass

from plan.traffic import Traffic
from settings.load import Load
from settings.tempo import Tempo

# Tempo 2.x's own default; a limit derived from a small load must not be stricter than it.
_DEFAULT_RATE_BYTES = 15_000_000
# Burst / rate, as in Tempo's defaults (20 MB over 15 MB).
_BURST_FACTOR = 4 / 3
# Tempo checks for idle traces once a period, so a trace counts as live for up to two of them.
_IDLE_PERIODS = 2
# A trace of one or two spans with few attributes. Smaller ones are rare, and this limit must be the looser one.
_SMALL_TRACE_BYTES = 1_000
# Limits are multiples of these, so small changes of the load do not change them: a third and a quarter of Tempo's
# default rate and burst, and Tempo's default number of traces.
_BYTES_STEP = 5_000_000
_TRACES_STEP = 10_000


@dataclass(frozen=True)
class IngestionPlan:
    """Limits of each tenant: bytes a second, bytes at once, traces in memory; each in whole steps."""

    rate_limit_bytes: int
    burst_size_bytes: int
    max_live_traces: int


def ingestion_plan(load: Load, tempo: Tempo, traffic: Traffic) -> IngestionPlan:
    """Derive the limits from the peak of kept traffic in an incident."""
    share = traffic.kept_share_in_incident
    rate = max(_DEFAULT_RATE_BYTES, _up_to_a_step(_kept_bytes_per_second(load, share), _BYTES_STEP))
    burst = _up_to_a_step(max(rate * _BURST_FACTOR, 2 * tempo.max_trace_bytes), _BYTES_STEP)
    return IngestionPlan(
        rate_limit_bytes=rate,
        burst_size_bytes=burst,
        max_live_traces=_live_traces(tempo, rate, burst),
    )


def _kept_bytes_per_second(load: Load, share: float) -> float:
    """Return peak spans/s × kept share × bytes of a span on the wire × headroom."""
    return load.peak_spans_per_second * share * load.span_bytes_sent * load.headroom


def _live_traces(tempo: Tempo, rate_bytes: int, burst_bytes: int) -> int:
    """Return (rate × two idle periods + burst) / a small trace, in whole steps.

    Exceeding the byte rate is retryable; exceeding this limit silently drops the trace. That would hit senders
    draining their queues after a Tempo outage, so the limit is set above what the byte limits admit.
    """
    admitted = rate_bytes * _IDLE_PERIODS * tempo.trace_idle_seconds + burst_bytes
    return _up_to_a_step(admitted / _SMALL_TRACE_BYTES, _TRACES_STEP)


def _up_to_a_step(value: float, step: int) -> int:
    return math.ceil(value / step) * step
