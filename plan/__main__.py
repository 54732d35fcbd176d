"""`python -m plan cost FILE...` prints what stacks cost; `python -m plan record` the decision record's sum."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from plan.cost import MonthlyCost, monthly_cost, shown
from plan.limits import checked_plan
from plan.record import corrections, sums
from settings.command import run
from settings.loader import read_stack_file
from settings.problems import SettingsError, refusal

_PERCENT = 100


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 1 when a file was refused."""
    parser = argparse.ArgumentParser(prog="python -m plan", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    cost = commands.add_parser("cost", help="print what stacks cost a month; exit 1 when a file is refused")
    cost.add_argument("files", nargs="+", type=Path)
    commands.add_parser("record", help="print the decision record's sum and its mistakes, one by one")
    parsed = parser.parse_args(arguments)
    if parsed.command == "record":
        print(_record_text(), end="")
        return 0
    return max(_print_cost(path, after_another=number > 0) for number, path in enumerate(parsed.files))


def _print_cost(path: Path, *, after_another: bool) -> int:
    try:
        settings = read_stack_file(path)
        cost = monthly_cost(settings, checked_plan(settings))
    except SettingsError as error:
        print(refusal(path, error), file=sys.stderr)
        return 1
    apart = "\n" if after_another else ""
    print(f"{apart}{path}: US dollars a month, prices of {cost.prices_as_of}\n\n{_cost_text(cost)}", end="")
    return 0


def _cost_text(cost: MonthlyCost) -> str:
    rows = [(item.name, shown(item.usd, 2), _share(item.usd, cost.total_usd), item.basis) for item in cost.items]
    rows.append(("in all", shown(cost.total_usd, 2), _share(cost.total_usd, cost.total_usd), ""))
    services = f"{cost.services} service{'s' if cost.services > 1 else ''}"
    rows.append(("for each service", shown(cost.usd_per_service, 2), "", services))
    return _table(("", "USD", "share", "from"), rows, right=(1, 2))


def _share(part: float, whole: float) -> str:
    return f"{part / whole * _PERCENT:.1f} %" if whole else ""


def _record_text() -> str:
    recorded = [(s.what, s.formula, shown(s.comes_to, 2), f"{s.recorded:,g}".replace(",", " ")) for s in sums()]
    mended = [(c.what, shown(c.storage_usd, 2), shown(c.total_usd, 2)) for c in corrections()]
    return (
        _table(("", "from the record's figures", "comes to", "record"), recorded, right=(2, 3))
        + "\nMended one after the other, US dollars a month\n\n"
        + _table(("", "storage", "in all"), mended, right=(1, 2))
    )


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    """Return columns as wide as their widest cell, those of `right` set to the right."""
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return "".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        + "\n"
        for line in lines
    )


if __name__ == "__main__":
    sys.exit(run(main))
