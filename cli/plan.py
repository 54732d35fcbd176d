"""`python -m cli plan FILE...`: print what the declared load takes of each collector, and what it has."""

import argparse
import math
from pathlib import Path

from cli.stack_files import accepted, add_files
from cli.table import table
from plan.cost.bill import HOURS_PER_MONTH, shown
from plan.cpu import gateway_microseconds
from plan.gateway import gateway_plan
from plan.outage import outage_plan
from plan.plan import Plan
from settings.stack import StackSettings

_Row = tuple[str, str, str, str]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "plan",
        help="print what the load takes of each collector",
        description="Print what the declared load takes of each gateway and agent, beside what they have: CPU, "
        "memory, and how long their queues hold out. Exit with 1 if a file is refused.",
    )
    add_files(parser)
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    return max(_print_plan(path, after_another=number > 0) for number, path in enumerate(parsed.files))


def _print_plan(path: Path, *, after_another: bool) -> int:
    if (stack := accepted(path)) is None:
        return 1
    settings, plan = stack
    rows = [*_gateway(settings, plan), *_agent(settings, plan), *_queues(settings, plan)]
    apart = "\n" if after_another else ""
    print(f"{apart}{path}: what the load takes of each collector\n")
    print(table(("", "takes", "has", ""), rows, right=(1, 2)), end="")
    return 0


def _gateway(settings: StackSettings, plan: Plan) -> list[_Row]:
    load, gateway, cpu = settings.load, settings.collectors.gateway, plan.cpu
    spans = load.peak_spans_per_second * load.headroom / gateway.replicas
    held = plan.gateway.traces_in_flight * load.spans_per_trace
    return [
        ("gateway, spans/s", shown(spans), "", f"peak × headroom / {gateway.replicas}"),
        ("gateway, undecided spans", shown(held), "", "until their trace is decided"),
        (
            "gateway, CPU of a span",
            f"{_span(plan, settings):.1f} µs",
            "",
            "at the peak, where load.cpu_factor is 1",
        ),
        (
            "gateway, CPU at the peak",
            _cores(cpu.gateway_at_peak),
            _cores(gateway.cpu_request_millicores),
            f"requested; {_percent(plan.traffic.kept_share)} are kept",
        ),
        (
            "gateway, CPU in an incident",
            _cores(cpu.gateway_in_incident),
            _cores(gateway.cpu_limit_millicores),
            f"limit; {_percent(plan.traffic.kept_share_in_incident)} are kept",
        ),
        (
            "gateway, memory",
            _mib(plan.gateway.memory_limit_mib),
            _mib(gateway.memory_ceiling_mib),
            "ceiling; it gets what it takes",
        ),
        _longer_wait(settings, plan),
        (
            "gateway, kept spans/s",
            shown(spans * plan.traffic.kept_share),
            shown(plan.ceiling.failed),
            f"ceiling; {shown(spans * plan.traffic.kept_share_in_incident)} in an incident",
        ),
    ]


def _longer_wait(settings: StackSettings, plan: Plan) -> _Row:
    """Return what it takes to wait for traces that last twice as long."""
    sampling = settings.sampling
    seconds = 2 * sampling.decision_wait_seconds
    patient = sampling.model_copy(update={"decision_wait_seconds": seconds})
    found = gateway_plan(settings.load, patient, plan.traffic, settings.collectors.gateway)
    more_gib = (
        (found.memory_limit_mib - plan.gateway.memory_limit_mib) / 1024 * settings.collectors.gateway.replicas
    )
    usd = more_gib * settings.cost.memory_gib_hour_usd * HOURS_PER_MONTH
    what = f"{seconds} s instead of {sampling.decision_wait_seconds}; {usd:.2f} USD a month more in all"
    return ("gateway, memory for twice the wait", _mib(found.memory_limit_mib), "", what)


def _span(plan: Plan, settings: StackSettings) -> float:
    return gateway_microseconds(plan.traffic.kept_share, plan.traffic.sent_share(settings.retention))


def _agent(settings: StackSettings, plan: Plan) -> list[_Row]:
    load, agent, cpu = settings.load, settings.collectors.agent.resources, plan.cpu
    return [
        ("agent, spans/s", shown(load.peak_spans_per_second / load.nodes), "", f"peak / {load.nodes}"),
        (
            "agent, CPU at the peak",
            _cores(cpu.agent_at_peak),
            _cores(agent.cpu_request_millicores),
            "requested; of an average node",
        ),
        (
            "agent, CPU on the busiest node",
            _cores(cpu.busiest_agent),
            _cores(agent.cpu_limit_millicores),
            "limit; with headroom",
        ),
    ]


def _queues(settings: StackSettings, plan: Plan) -> list[_Row]:
    outage = outage_plan(settings, plan.traffic)
    seconds = (
        ("agent's queue, on average", outage.agent_on_average, "no gateway answers"),
        ("agent's queue, at the peak", outage.agent_at_peak, "of the busiest node"),
        ("gateway's queue, on average", outage.gateway_on_average, "Tempo does not answer; one tenant sends all"),
        ("gateway's queue, at the peak", outage.gateway_at_peak, ""),
        ("gateway's queue, in an incident", outage.gateway_in_incident, ""),
    )
    return [(name, "", _duration(value), basis) for name, value, basis in seconds]


def _cores(millicores: int) -> str:
    return f"{shown(millicores)}m"


def _mib(size: int) -> str:
    return f"{shown(size)} MiB"


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _duration(seconds: float) -> str:
    """Return seconds below two minutes, minutes below two hours, else hours; rounded down."""
    if math.isinf(seconds):
        return "for ever"
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{shown(math.floor(seconds / size))} {unit}"
    return f"{math.floor(seconds)} s"
