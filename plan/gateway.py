"""The sampler tables of one gateway, and the memory that they require."""

import math
from dataclasses import dataclass

from plan.containers import go_memory_limit_mib
from plan.traffic import Traffic
from plan.units import MIB
from settings.collectors import Gateway
from settings.load import Load
from settings.sampling import Sampling

# A larger table costs next to nothing below this many traces (1 000 traces × 10 spans × 1.4 kB = 14 MB), and
# saves a small environment from losing undecided traces in its first burst.
_MIN_TRACES_IN_FLIGHT = 1_000
# Late spans follow the decision of their trace while it is remembered; ten waits cover a retrying agent.
_DECISIONS_REMEMBERED_PER_TRACE_IN_FLIGHT = 10
# A trace id (16 B), its decision and the LRU's list and map entries.
_DECISION_BYTES = 120
# The decision wait of the long-term tier's sampler: the minimum, because its traces arrive whole.
LONG_TERM_WAIT_SECONDS = 1
# Both samplers decide once a second, so a trace may wait for one more tick, and the first sampler releases
# a second's worth of traces at once.
_TICK_SECONDS = 1
# Resident memory of an idle gateway with this product's components (60 MiB measured, and 0.3 MiB for each
# tenant's pipeline), plus full sending batches.
_IDLE_BYTES = 160 * MIB
# memory_limiter refuses spans above limit - spike limit = 60 % of the container's memory (its README recommends
# a spike limit of about 20 %).
LIMITER_LIMIT_PERCENTAGE = 80
LIMITER_SPIKE_PERCENTAGE = 20
# Limits are multiples of this, so small changes of the load do not restart gateways.
_MEMORY_STEP_MIB = 64


@dataclass(frozen=True)
class LongTermPlan:
    """Sizes of the long-term tier's sampler in one gateway; counts are traces. Unused without that tier."""

    traces_in_flight: int
    expected_new_traces_per_second: int
    remembered: int


@dataclass(frozen=True)
class GatewayPlan:
    """Sizes of one gateway; counts are traces, memory is MiB.

    `sampler_shards` are the parts of the sampler that run in parallel.
    """

    sampler_shards: int
    traces_in_flight: int
    expected_new_traces_per_second: int
    remembered_sampled: int
    remembered_not_sampled: int
    long_term: LongTermPlan
    memory_limit_mib: int
    go_memory_limit_mib: int


def gateway_plan(
    load: Load, sampling: Sampling, traffic: Traffic, gateway: Gateway, *, long_term_tier: bool
) -> GatewayPlan:
    """Size one gateway for the peak; a long-term tier costs memory for a second sampler."""
    rate = traffic.peak_new_traces_per_second * load.headroom / gateway.replicas
    in_flight = traces_in_flight(rate, sampling.decision_wait_seconds)
    remembered = in_flight * _DECISIONS_REMEMBERED_PER_TRACE_IN_FLIGHT
    long_term = long_term_plan(rate, remembered, traffic)
    limit = (
        memory_limit_mib(load, in_flight + long_term.traces_in_flight, 2 * (remembered + long_term.remembered))
        if long_term_tier
        else memory_limit_mib(load, in_flight, 2 * remembered)
    )
    return GatewayPlan(
        # A shard keeps one core busy.
        sampler_shards=max(1, gateway.cpu_limit_millicores // 1000),
        traces_in_flight=in_flight,
        expected_new_traces_per_second=max(1, math.ceil(rate)),
        remembered_sampled=remembered,
        remembered_not_sampled=remembered,
        long_term=long_term,
        memory_limit_mib=limit,
        go_memory_limit_mib=go_memory_limit_mib(limit),
    )


def traces_in_flight(new_traces_per_second: float, decision_wait_seconds: int) -> int:
    """Return decision wait × rate, rounded up; the rate includes the headroom.

    The tail sampler forgets the oldest undecided trace when its table is full
    (`sampling_trace_dropped_too_early`), so the table must hold all traces of one wait.
    """
    return max(_MIN_TRACES_IN_FLIGHT, math.ceil(new_traces_per_second * decision_wait_seconds))


def long_term_plan(new_traces_per_second: float, remembered: int, traffic: Traffic) -> LongTermPlan:
    """Return the second sampler's sizes: kept share × those of the first, for its own, shorter wait.

    In flight: kept traces/s × (wait + one tick). The share is that of an incident, when all failed traces are
    kept. The second sampler remembers decisions for as long as the first, so late spans find both.
    """
    share = traffic.kept_share_in_incident
    kept = new_traces_per_second * share
    return LongTermPlan(
        traces_in_flight=traces_in_flight(kept, LONG_TERM_WAIT_SECONDS + _TICK_SECONDS),
        expected_new_traces_per_second=max(1, math.ceil(kept)),
        remembered=max(1, math.ceil(remembered * share)),
    )


def memory_limit_mib(load: Load, in_flight: int, remembered: int) -> int:
    """Return (idle + traces in flight × spans × bytes + remembered decisions) / 60 %, in whole steps.

    60 % because memory_limiter refuses new spans above its limit minus its spike limit.
    """
    spans = in_flight * load.spans_per_trace * load.span_bytes_in_flight
    usable_share = (LIMITER_LIMIT_PERCENTAGE - LIMITER_SPIKE_PERCENTAGE) / 100
    mib = (_IDLE_BYTES + spans + remembered * _DECISION_BYTES) / usable_share / MIB
    return math.ceil(mib / _MEMORY_STEP_MIB) * _MEMORY_STEP_MIB
