"""The samplers hold the declared load until they decide."""

import math
from collections.abc import Iterator

from plan.traffic import traffic
from policies.collector_config import ways
from policies.collectors import Collector, collectors
from policies.declared import declared_settings
from policies.memory import limiters, memory_limit
from policies.property import Property
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.samplers import Sampler, samplers
from policies.units import seconds
from settings.stack import StackSettings

# A sampler decides once a second, so a trace waits for up to a second more than the wait.
_TICK_SECONDS = 1
# The processor's defaults.
_DEFAULT_TRACES, _DEFAULT_WAIT_SECONDS = 50_000, 30
_MIB = 1024 * 1024


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each sampler whose table is smaller than rate × wait, and collectors with too little memory.

    rate = peak spans/s / spans a trace × headroom / collectors; behind another sampler, the share that it keeps
    in an incident. A trace waits for the decision wait and a tick.
    """
    for collector in collectors(stack):
        found = {one.name: one for way in ways(collector.document) for one in samplers(collector.document, way)}
        if found:
            settings = declared_settings(stack)
            needs = {name: _traces(collector, one, settings) for name, one in found.items()}
            for name, needed in needs.items():
                yield from _small_table(collector, name, needed, found[name].settings)
            yield from _little_memory(collector, sum(needs.values()), settings)


def _traces(collector: Collector, sampler: Sampler, settings: StackSettings) -> int:
    """Return how many traces wait in a sampler at the declared peak."""
    arriving = traffic(settings.load, settings.sampling)
    rate = arriving.peak_new_traces_per_second * settings.load.headroom / _replicas(collector, settings)
    share = arriving.kept_share_in_incident**sampler.before
    wait = seconds(sampler.settings["decision_wait"], _DEFAULT_WAIT_SECONDS) + _TICK_SECONDS
    # A billionth less, because floating-point sums may end just above a whole number.
    return math.ceil(rate * share * wait - 1e-9)


def _replicas(collector: Collector, settings: StackSettings) -> float:
    if collector.workload.type.endswith(":DaemonSet"):
        return settings.load.nodes
    return max(1.0, collector.workload["spec"]["replicas"].number(1))


def _small_table(collector: Collector, name: str, needed: int, sampler: Property) -> Iterator[Violation]:
    what = f"{name} in {collector.file.name}"
    table = sampler["num_traces"].number(_DEFAULT_TRACES)
    if table < needed:
        yield Violation(
            collector.config_map,
            f"{what} holds {table:g} traces; at the declared peak {needed} wait for their decision.",
        )
    # A decision not to keep may be forgotten: late spans are decided anew then.
    remembered = sampler["decision_cache"]["sampled_cache_size"]
    if not remembered.is_missing and 0 < remembered.number() < needed:
        yield Violation(
            collector.config_map,
            f"{what} remembers {remembered.number():g} decisions to keep; late spans need {needed}.",
        )


def _little_memory(collector: Collector, traces: int, settings: StackSettings) -> Iterator[Violation]:
    container_bytes = memory_limit(collector.container)
    if container_bytes is None:
        return  # another rule's finding
    needed = traces * settings.load.spans_per_trace * settings.load.span_bytes_in_flight
    for limiter in limiters(collector.document, container_bytes):
        if limiter.soft < needed:
            yield Violation(
                collector.workload,
                f"It refuses spans above {limiter.soft / _MIB:.0f} MiB; the declared peak needs "
                f"{needed / _MIB:.0f} MiB for the traces that wait for their decision.",
            )


RULE = StackRule(
    name="collectors-hold-the-declared-load",
    promise="At the declared peak no trace is decided before it is complete, or lost before that.",
    severity=Severity.HIGH,
    to_do="Raise num_traces, the collectors' number or their memory, or correct the load settings.",
    check=check,
)
