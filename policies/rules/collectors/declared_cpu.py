"""Collectors have CPU for the declared load."""

from collections.abc import Iterator

from plan.cpu import CpuPlan, cpu_plan
from plan.traffic import traffic
from policies.collector_config import ways
from policies.collectors import Collector, collectors
from policies.declared import declared_settings
from policies.property import Property
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.samplers import samplers
from policies.units import quantity

_MILLI = 1000


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield collectors whose request is below the quiet peak, or whose limit is below an incident or a burst.

    A collector with a sampler is a gateway. Another one is an agent if it runs on each node.
    """
    for collector in collectors(stack):
        gateway = any(samplers(collector.document, way) for way in ways(collector.document))
        if gateway or collector.workload.type.endswith(":DaemonSet"):
            settings = declared_settings(stack)
            flow = traffic(settings.load, settings.sampling)
            cpu = cpu_plan(settings, flow, _replicas(collector))
            yield from _gateway(collector, cpu) if gateway else _agent(collector, cpu)


def _replicas(collector: Collector) -> float:
    return max(1.0, collector.workload["spec"]["replicas"].number(1))


def _gateway(collector: Collector, cpu: CpuPlan) -> Iterator[Violation]:
    yield from _too_low(collector, "requests", cpu.gateway_at_peak, "at the declared peak")
    yield from _too_low(collector, "limits", cpu.gateway_in_incident, "in an incident at the declared peak")


def _agent(collector: Collector, cpu: CpuPlan) -> Iterator[Violation]:
    yield from _too_low(collector, "requests", cpu.agent_at_peak, "on an average node at the declared peak")
    yield from _too_low(collector, "limits", cpu.busiest_agent, "on the busiest node at the declared peak")


def _too_low(collector: Collector, kind: str, needed: int, when: str) -> Iterator[Violation]:
    found = _millicores(collector.container["resources"], kind)
    if found is not None and found < needed:
        what = "requests" if kind == "requests" else "may use"
        yield Violation(collector.workload, f"It {what} {found:.0f} millicores; {when} it takes {needed}.")


def _millicores(resources: Property, kind: str) -> float | None:
    """Return a request or a limit; a missing request is that of the limit, as in Kubernetes, and else 0."""
    cpu = resources[kind]["cpu"]
    if cpu.is_missing and kind == "requests":
        return _millicores(resources, "limits") or 0.0
    return None if cpu.is_missing else quantity(cpu) * _MILLI


RULE = StackRule(
    name="collectors-have-cpu-for-the-declared-load",
    promise="At the declared peak no collector starves on a full node, and none is throttled in an incident.",
    severity=Severity.HIGH,
    to_do="Raise the collectors' CPU or number, or correct the load settings.",
    check=check,
)
