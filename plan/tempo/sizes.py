"""What Tempo is sent, what one of its processes takes, and how large that process is.

Rates are those of Tempo's sizing manual (plan/size.md in its documentation), in MB/s of received traffic. Limits
are the manual's lower figure where it has one, else those of Tempo's jsonnet; requests are 30 % of the limits, as
the Tempo operator asks for, and never less than the jsonnet's 500 millicores and 1 GiB.
"""

import math
from dataclasses import dataclass

from plan.traffic import Traffic
from settings.base import Resources
from settings.load import Load
from settings.retention import Retention

# MB/s that one process takes, from the manual. Of its ranges: queriers the higher figure, because every one more
# is added when it is needed; compactors the lower, because their number is fixed.
DISTRIBUTOR_MB_PER_SECOND = 10
QUERIER_MB_PER_SECOND = 2
COMPACTOR_MB_PER_SECOND = 3
# The manual has none for generators; they see each span once, as distributors do.
GENERATOR_MB_PER_SECOND = 10
_BYTES_PER_MB = 1_000_000
_REQUESTED_PERCENTAGE = 30
_LEAST_CPU_MILLICORES = 500
_LEAST_MEMORY_MIB = 1024


@dataclass(frozen=True, kw_only=True)
class TempoRates:
    """What distributors are sent, both tiers, in MB/s: on the average of the day, and in its highest minute."""

    average_mb_per_second: float
    peak_mb_per_second: float


def tempo_rates(load: Load, retention: Retention, traffic: Traffic) -> TempoRates:
    """Return spans/s × share that is kept × bytes on the wire; the peak with headroom.

    A trace of the long-term tier is sent a second time, to its second tenant. A span on the wire is not
    larger than in a gateway's memory, so that figure is the upper bound.
    """
    share = traffic.kept_share + (traffic.long_term_share if retention.long_term_hours else 0)
    bytes_of_a_span = share * load.span_bytes_in_flight
    return TempoRates(
        average_mb_per_second=load.average_spans_per_second * bytes_of_a_span / _BYTES_PER_MB,
        peak_mb_per_second=load.peak_spans_per_second * bytes_of_a_span * load.headroom / _BYTES_PER_MB,
    )


def processes(mb_per_second: float, of_each: int, least: int) -> int:
    """Return rate / rate of one process, rounded up, and at least so many."""
    return max(least, math.ceil(mb_per_second / of_each))


def limited_to(*, cpu_millicores: int, memory_mib: int) -> Resources:
    """Return limits with requests of 30 % of them, at least those of Tempo's jsonnet."""
    return Resources(
        cpu_request_millicores=max(_LEAST_CPU_MILLICORES, cpu_millicores * _REQUESTED_PERCENTAGE // 100),
        cpu_limit_millicores=cpu_millicores,
        memory_request_mib=max(_LEAST_MEMORY_MIB, memory_mib * _REQUESTED_PERCENTAGE // 100),
        memory_limit_mib=memory_mib,
    )
