"""`python -m cli record`: the decision record's sum, and what its mistakes amount to."""

import argparse

from cli.record_sums import corrections, sums
from cli.table import table
from plan.cost.bill import shown


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("record", help="print the decision record's sum and its mistakes, one by one")
    parser.set_defaults(run=_run)


def _run(_parsed: argparse.Namespace) -> int:
    recorded = [(s.what, s.formula, shown(s.comes_to, 2), f"{s.recorded:,g}".replace(",", " ")) for s in sums()]
    mended = [(c.what, shown(c.storage_usd, 2), shown(c.total_usd, 2)) for c in corrections()]
    print(table(("", "from the record's figures", "comes to", "record"), recorded, right=(2, 3)))
    print("Mended one after the other, US dollars a month\n")
    print(table(("", "storage", "in all"), mended, right=(1, 2)), end="")
    return 0
