"""The rate that Tempo receives, the rate that one process handles, and the size of that process.

Rates are those of Tempo's sizing manual (plan/size.md in its documentation), in MB/s of received traffic. Limits
are the manual's lower figure if it gives one, otherwise those of Tempo's jsonnet. Requests are 30 % of the limits,
as in the Tempo operator, and never less than the jsonnet's 500 millicores and 1 GiB.
"""

import math
from dataclasses import dataclass

from plan.traffic import Traffic
from settings.base import Resources
from settings.load import Load
from settings.retention import Retention

# MB/s that one process handles. The manual gives ranges: the higher figure for queriers, because an autoscaler
# adds more when needed; the lower for compactors, because their number is fixed.
DISTRIBUTOR_MB_PER_SECOND = 10
QUERIER_MB_PER_SECOND = 2
COMPACTOR_MB_PER_SECOND = 3
# The manual has no figure for metrics generators; they see each span once, as distributors do.
GENERATOR_MB_PER_SECOND = 10
_BYTES_PER_MB = 1_000_000
_REQUESTED_PERCENTAGE = 30
_MIN_CPU_MILLICORES = 500
_MIN_MEMORY_MIB = 1024


@dataclass(frozen=True, kw_only=True)
class TempoRates:
    """MB/s that distributors receive for both tiers: the day's average, and its highest minute."""

    average_mb_per_second: float
    peak_mb_per_second: float


def tempo_rates(load: Load, retention: Retention, traffic: Traffic) -> TempoRates:
    """Return spans/s × share sent to Tempo × bytes on the wire; the peak includes the headroom."""
    sent_bytes_per_span = traffic.sent_share(retention) * load.span_bytes_sent
    return TempoRates(
        average_mb_per_second=load.average_spans_per_second * sent_bytes_per_span / _BYTES_PER_MB,
        peak_mb_per_second=load.peak_spans_per_second * sent_bytes_per_span * load.headroom / _BYTES_PER_MB,
    )


def replicas_for(mb_per_second: float, mb_per_second_of_each: int, minimum: int) -> int:
    """Return rate / rate of one process, rounded up, and at least `minimum`."""
    return max(minimum, math.ceil(mb_per_second / mb_per_second_of_each))


def limited_to(*, cpu_millicores: int, memory_mib: int) -> Resources:
    """Return limits with requests of 30 % of them, at least those of Tempo's jsonnet."""
    return Resources(
        cpu_request_millicores=max(_MIN_CPU_MILLICORES, cpu_millicores * _REQUESTED_PERCENTAGE // 100),
        cpu_limit_millicores=cpu_millicores,
        memory_request_mib=max(_MIN_MEMORY_MIB, memory_mib * _REQUESTED_PERCENTAGE // 100),
        memory_limit_mib=memory_mib,
    )
