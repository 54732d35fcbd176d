"""`python -m cli cost FILE...`: print the monthly cost of stacks, item by item."""

import argparse
from pathlib import Path

from cli.stack_files import accepted, add_files
from cli.table import table
from plan.cost.bill import MonthlyCost, monthly_cost, shown

_PERCENT = 100


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "cost",
        help="print the monthly cost of stacks",
        description="Print the monthly cost of stacks in US dollars, item by item, at the prices in their files. "
        "Exit with 1 if a file is refused.",
    )
    add_files(parser)
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    return max(_print_cost(path, after_another=number > 0) for number, path in enumerate(parsed.files))


def _print_cost(path: Path, *, after_another: bool) -> int:
    if (stack := accepted(path)) is None:
        return 1
    cost = monthly_cost(*stack)
    apart = "\n" if after_another else ""
    print(f"{apart}{path}: US dollars a month, prices of {cost.prices_as_of}\n\n{_cost_text(cost)}", end="")
    return 0


def _cost_text(cost: MonthlyCost) -> str:
    rows = [(item.name, shown(item.usd, 2), _share(item.usd, cost.total_usd), item.basis) for item in cost.items]
    rows.append(("in all", shown(cost.total_usd, 2), _share(cost.total_usd, cost.total_usd), ""))
    services = f"{cost.services} service{'s' if cost.services > 1 else ''}"
    rows.append(("for each service", shown(cost.usd_per_service, 2), "", services))
    return table(("", "USD", "share", "from"), rows, right=(1, 2))


def _share(part: float, whole: float) -> str:
    return f"{part / whole * _PERCENT:.1f} %" if whole else ""
