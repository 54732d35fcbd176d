"""When a trace of the synthetic check must be readable, and what the check takes."""

from dataclasses import dataclass

from plan.tempo.timing import timing_plan
from settings.base import Resources
from settings.stack import StackSettings

# One small Python process with a thread for each way. Measured: 24 MiB with 2 ways and 28 MiB with 50, and 2 m and
# 20 m of CPU with six times the default number of traces.
RESOURCES = Resources(
    cpu_request_millicores=10, cpu_limit_millicores=500, memory_request_mib=48, memory_limit_mib=128
)
# The agent's and the gateway's queues and batches take a second each, an exporter's timeout 5 s, and Tempo's
# refusal another 5 s until the next attempt; three such delays fit. A longer one is what the check is to find.
_DELIVERY_SECONDS = 30
# After the time from which only the bucket has a block: for the next poll, and clocks that differ.
_STORED_MARGIN_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class SyntheticCheckPlan:
    """Seconds from the write: until it counts as lost, and until only the bucket has it."""

    deadline_seconds: int
    stored_after_seconds: int


def synthetic_check_plan(settings: StackSettings) -> SyntheticCheckPlan:
    """Derive both from the sampler's wait and Tempo's times.

    A trace becomes searchable when a check, as often as the idle period, finds it idle: two such periods.
    """
    return SyntheticCheckPlan(
        deadline_seconds=settings.sampling.decision_wait_seconds
        + 2 * settings.tempo.trace_idle_seconds
        + _DELIVERY_SECONDS,
        stored_after_seconds=timing_plan(settings.tempo).unseen_seconds + _STORED_MARGIN_SECONDS,
    )
