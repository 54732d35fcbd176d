"""The sampler tables of one gateway, and the memory that they require."""

import math
from dataclasses import dataclass

from plan.memory_limiter import GARBAGE_FACTOR, REFUSING_PERCENTAGE, collector_go_memory_limit_mib
from plan.traffic import Traffic
from plan.units import MIB
from settings.collectors import Gateway
from settings.load import Load
from settings.sampling import Sampling

# A larger table costs next to nothing below this many traces (1 000 traces × 10 spans × 2.1 kB = 21 MB), and
# saves a small environment from losing undecided traces in its first burst.
_MIN_TRACES_IN_FLIGHT = 1_000
# A full table gives up its oldest traces, failed ones among them, while memory_limiter refuses spans, which agents
# keep on disk. So the limiter must come first, also with traces of a quarter of load.spans_per_trace.
_TABLE_FACTOR = 4
# Late spans follow the decision to keep their trace while it is remembered; ten waits cover a retrying agent.
_DECISIONS_REMEMBERED_PER_TRACE_IN_FLIGHT = 10
# A trace id (16 B), its decision and the LRU's list and map entries.
_DECISION_BYTES = 120
# The sampler decides once a second, so a trace waits for one tick more than its wait. A tick that is late by as
# much, because its shard is still masking the traces of the one before, is the second. A table that is full evicts
# its oldest traces, which are those just due: with room for the wait alone, a gateway at its planned peak lost
# nearly every trace (tests/tools/test_planned_peak.py).
_TICKS_SECONDS = 2
# Resident memory of an idle gateway with this product's components (60 MiB measured, and 0.3 MiB for each
# tenant's pipeline), plus full sending batches.
_IDLE_BYTES = 160 * MIB
# Limits are multiples of this, so small changes of the load do not restart gateways.
_MEMORY_STEP_MIB = 64


@dataclass(frozen=True)
class GatewayPlan:
    """Sizes of one gateway; counts are traces, memory is MiB.

    `sampler_shards` are the parts of the sampler that run in parallel. `traces_in_flight` wait for their decision
    at the planned load; `table_traces` is where the sampler gives up the oldest. A decision not to keep is not
    remembered (one for each shard, the least that the sampler takes): spans that come after it are decided anew,
    so a root that fails after the wait is kept.
    """

    sampler_shards: int
    traces_in_flight: int
    table_traces: int
    expected_new_traces_per_second: int
    remembered_sampled: int
    remembered_not_sampled: int
    memory_limit_mib: int
    go_memory_limit_mib: int


def gateway_plan(load: Load, sampling: Sampling, traffic: Traffic, gateway: Gateway) -> GatewayPlan:
    """Size one gateway for the peak with headroom."""
    rate = traffic.peak_new_traces_per_second * load.headroom / gateway.replicas
    in_flight = traces_in_flight(rate, sampling.decision_wait_seconds)
    remembered = in_flight * _DECISIONS_REMEMBERED_PER_TRACE_IN_FLIGHT
    shards = max(1, gateway.cpu_limit_millicores // 1000)
    limit = memory_limit_mib(load, in_flight, remembered)
    return GatewayPlan(
        # A shard keeps one core busy.
        sampler_shards=shards,
        traces_in_flight=in_flight,
        table_traces=_TABLE_FACTOR * in_flight,
        expected_new_traces_per_second=max(1, math.ceil(rate)),
        remembered_sampled=remembered,
        remembered_not_sampled=shards,
        memory_limit_mib=limit,
        go_memory_limit_mib=collector_go_memory_limit_mib(limit),
    )


def traces_in_flight(new_traces_per_second: float, decision_wait_seconds: int) -> int:
    """Return (decision wait + two ticks) × rate, rounded up; the rate includes the headroom.

    The tail sampler forgets the oldest undecided trace when its table is full
    (`sampling_trace_dropped_too_early`), so the table must hold all traces until they are decided.
    """
    seconds = decision_wait_seconds + _TICKS_SECONDS
    return max(_MIN_TRACES_IN_FLIGHT, math.ceil(new_traces_per_second * seconds))


def memory_limit_mib(load: Load, in_flight: int, remembered: int) -> int:
    """Return (idle + traces in flight × spans × bytes + remembered decisions) × 4/3 / 60 %, in whole steps.

    4/3 for garbage, 60 % because memory_limiter refuses new spans above it.
    """
    spans = in_flight * load.spans_per_trace * load.span_bytes_in_flight
    held = _IDLE_BYTES + spans + remembered * _DECISION_BYTES
    mib = held * GARBAGE_FACTOR * 100 / REFUSING_PERCENTAGE / MIB
    return math.ceil(mib / _MEMORY_STEP_MIB) * _MEMORY_STEP_MIB
