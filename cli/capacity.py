"""`python -m cli capacity FILE PEAK...`: print what a stack needs for other peaks, and what to change for them."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.stack_files import accepted
from cli.table import table
from plan.capacity import Capacity, capacity
from plan.cost.bill import HOURS_PER_MONTH, monthly_cost, shown
from plan.tempo.sizes import tempo_rates
from plan.tempo.workloads import TempoWorkload
from plan.units import GIB, HOURS_PER_DAY
from settings.base import Resources
from settings.problems import SettingsError

_MILLI, _MIB_PER_GIB, _PERCENT = 1000, 1024, 100
# A name, an amount, and what it follows from.
_Row = tuple[str, str, str]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "capacity",
        help="print what a stack needs for other peaks",
        description="Print what a stack needs for other numbers of spans a second in the busiest minute, what "
        "that costs, and which settings to change. Exit with 1 if a file is refused, or no file can ask for so "
        "much.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="such as Pulumi.prod.yaml")
    parser.add_argument("peaks", type=_rate, nargs="+", metavar="PEAK", help="spans a second, such as 1000000")
    parser.set_defaults(run=_run)


def _rate(text: str) -> int:
    if (found := int(text)) < 1:
        raise ValueError(text)
    return found


def _run(parsed: argparse.Namespace) -> int:
    if (stack := accepted(parsed.file)) is None:
        return 1
    try:
        found = [capacity(stack[0], peak) for peak in parsed.peaks]
    except SettingsError as error:
        print(f"{parsed.file}: no stack file can ask for so much:\n{error}", file=sys.stderr)
        return 1
    print(f"{parsed.file}: what more load needs\n\n{_needs(found)}", end="")
    print("".join(_steps(each) for each in found if each.changes), end="")
    return 0


def _needs(found: Sequence[Capacity]) -> str:
    columns = [list(_rows(each)) for each in found]
    heading = ("", *(f"{shown(each.settings.load.peak_spans_per_second)}/s" for each in found), "")
    rows = [(cells[0][0], *(cell[1] for cell in cells), cells[0][2]) for cells in zip(*columns, strict=True)]
    return table(heading, rows, right=range(1, len(found) + 1))


def _rows(found: Capacity) -> Iterator[_Row]:
    yield from _load(found)
    yield from _collectors(found)
    yield from _tempo(found)
    yield from _money(found)


def _load(found: Capacity) -> Iterator[_Row]:
    settings, flow = found.settings, found.plan.traffic
    load = settings.load
    share = f"{flow.kept_share * _PERCENT:.1f} %"
    peak, average = (
        shown(rate * flow.kept_share) for rate in (load.peak_spans_per_second, load.average_spans_per_second)
    )
    sent = tempo_rates(load, settings.retention, flow).peak_mb_per_second
    yield "spans/s on average", shown(load.average_spans_per_second), "assumed: grows with the peak"
    yield "spans/s kept at the peak", peak, share
    yield "spans/s kept on average", average, share
    yield "to Tempo at the peak", f"{sent:.1f} MB/s", "both tiers, with headroom, uncompressed"


def _collectors(found: Capacity) -> Iterator[_Row]:
    settings, plan = found.settings, found.plan
    gateway, agent, nodes = settings.collectors.gateway, settings.collectors.agent.resources, settings.load.nodes
    memory = plan.gateway.memory_limit_mib
    yield "gateways", str(gateway.replicas), "as the plan demands, and none fewer than now"
    yield (
        "  CPU of each",
        f"{gateway.cpu_request_millicores}m",
        f"requested; limit {gateway.cpu_limit_millicores}m",
    )
    yield "  CPU of each at the peak", f"{plan.cpu.gateway_at_peak}m", "with headroom"
    yield "  memory of each", f"{shown(memory)} MiB", "requested, and the limit"
    yield "  of all", _all(gateway.replicas, gateway.cpu_request_millicores, memory), "requested"
    yield "agents", str(nodes), "one a node; assumed: as many spans on each node"
    yield "  of all", _all(nodes, agent.cpu_request_millicores, agent.memory_request_mib), "requested"


def _tempo(found: Capacity) -> Iterator[_Row]:
    workloads = found.plan.tempo
    for one in workloads:
        yield f"Tempo {one.name}s", _replicas(one), "average to peak, by an autoscaler" if one.autoscaled else ""
    always = [(one.replicas, one.resources) for one in workloads]
    most = [(one.max_replicas, one.resources) for one in workloads]
    yield "  of all", _sum(always), "requested, always"
    yield "  of all at the peak", _sum(most), "requested, as many as the autoscalers may start"


def _replicas(one: TempoWorkload) -> str:
    return f"{one.replicas} to {one.max_replicas}" if one.autoscaled else str(one.replicas)


def _money(found: Capacity) -> Iterator[_Row]:
    storage, cost = found.plan.storage, monthly_cost(found.settings, found.plan)
    written = storage.bytes_per_day * HOURS_PER_MONTH / HOURS_PER_DAY
    yield "stored a month", f"{shown(written / GIB)} GB", "kept spans of both tiers, one copy"
    yield "in the bucket", f"{shown(storage.stored_bytes / GIB)} GB", "with blocks for metrics and old versions"
    yield (
        "US dollars a month",
        shown(cost.total_usd),
        f"as python -m cli cost counts; prices of {cost.prices_as_of}",
    )


def _sum(parts: Sequence[tuple[int, Resources]]) -> str:
    cpu = sum(count * each.cpu_request_millicores for count, each in parts)
    memory = sum(count * each.memory_request_mib for count, each in parts)
    return _all(1, cpu, memory)


def _all(count: int, millicores: int, mib: int) -> str:
    return f"{shown(count * millicores / _MILLI, 1)} cores, {shown(count * mib / _MIB_PER_GIB)} GiB"


def _steps(found: Capacity) -> str:
    peak = shown(found.settings.load.peak_spans_per_second)
    rows = [(path, str(old), str(new)) for path, (old, new) in found.changes.items()]
    refused = "".join(f"\n- {problem}" for problem in found.refusals)
    return (
        f"\nTo change for {peak} spans/s:\n\n{table(('', 'now', 'then'), rows, right=(1, 2))}"
        f"\nWhat the plan refuses if only the load is changed:\n{refused or ' nothing'}\n"
    )
