"""Refuse a stack whose collectors have too little CPU for the declared load.

A request below the quiet peak lets the scheduler put a collector where it starves; a limit below the incident
throttles it when its traces matter most.
"""

from collections.abc import Iterator

from plan.cpu import CpuPlan
from settings.problems import Problem, shown
from settings.stack import StackSettings

_GATEWAYS = "collectors.gateway"
_AGENTS = "collectors.agent.resources"


def cpu_problems(settings: StackSettings, cpu: CpuPlan) -> Iterator[Problem]:
    """Yield a problem for each request and limit that is too low, with the lowest that is enough."""
    gateway, agent = settings.collectors.gateway, settings.collectors.agent.resources
    yield from _too_low(
        f"{_GATEWAYS}.cpu_request_millicores",
        gateway.cpu_request_millicores,
        cpu.gateway_at_peak,
        "is below what each gateway takes at load.peak_spans_per_second × load.headroom",
        "Raise it, add gateways, or lower sampling.baseline_percentage.",
    )
    yield from _too_low(
        f"{_GATEWAYS}.cpu_limit_millicores",
        gateway.cpu_limit_millicores,
        cpu.gateway_in_incident,
        "is below what each gateway takes at the peak of an incident, in which ten times as many traces fail",
        "Raise it, or add gateways.",
    )
    yield from _too_low(
        f"{_AGENTS}.cpu_request_millicores",
        agent.cpu_request_millicores,
        cpu.agent_at_peak,
        "is below what the agent of an average node takes at load.peak_spans_per_second",
        "Raise it, or correct load.nodes.",
    )
    yield from _too_low(
        f"{_AGENTS}.cpu_limit_millicores",
        agent.cpu_limit_millicores,
        cpu.busiest_agent,
        "is below what the agent of the busiest node takes at load.peak_spans_per_second × load.headroom",
        "Raise it, or correct load.nodes.",
    )


def _too_low(path: str, got: int, needed: int, what: str, fix: str) -> Iterator[Problem]:
    if got < needed:
        yield Problem(path, what, shown(got), f"at least {needed}", fix)
