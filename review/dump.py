"""Run the program of one checkout for every stack file in it, and write what it registers and renders as JSON.

`python -P review/dump.py FILE`, with the checkout as working directory and in `PYTHONPATH`, so that each commit is
read by its own code. A commit without this file is read by the newer one. It therefore imports nothing of this
folder, and only what has been there for long.
"""

import dataclasses
import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plan.cost.bill import MonthlyCost, monthly_cost
from plan.limits import checked_plan
from render.files import render
from settings.loader import read_stack_file
from settings.problems import SettingsError
from settings.project import PROJECT
from settings.stack import StackSettings
from snapshot.program import record_program, stack_config

# Raised when a field changes its name or meaning; review/sides.py reads this one.
FORMAT = 1


def dumped(folder: Path) -> dict[str, Any]:
    """Return what each stack of a checkout registers, renders and costs, as plain data by the stack's name."""
    names = sorted(
        path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in folder.glob("Pulumi.*.yaml")
    )
    return {"format": FORMAT, "stacks": {name: _stack(folder / f"Pulumi.{name}.yaml", name) for name in names}}


def _stack(path: Path, name: str) -> dict[str, Any]:
    """Return one stack; only `problem`, if its file is refused or its program fails."""
    try:
        settings = read_stack_file(path)
        plan = checked_plan(settings)
        return {
            "resources": [
                dataclasses.asdict(one) for one in record_program(stack_config(path), name).registrations
            ],
            "files": render(settings, plan).files(),
            "cost": _cost(monthly_cost(settings, plan)),
            "retention_hours": _retention(settings),
        }
    except SettingsError as error:
        return {"problem": str(error)}
    except Exception as error:  # noqa: BLE001 - a program may fail in any way, and the other stacks are still told
        return {"problem": f"{type(error).__name__}: {error}"}


def _cost(cost: MonthlyCost) -> list[Mapping[str, Any]]:
    return [{"name": item.name, "usd": item.usd, "basis": item.basis} for item in cost.items]


def _retention(settings: StackSettings) -> dict[str, int]:
    """Return the hours after which Tempo deletes traces, by the setting."""
    retention = settings.retention
    hours = {"retention.detailed_hours": retention.detailed_hours}
    return hours | ({"retention.long_term_hours": retention.long_term_hours} if retention.long_term_hours else {})


def main(file: str) -> None:
    """Write the document of the working directory to a file."""
    logging.getLogger(PROJECT).setLevel(logging.ERROR)
    Path(file).write_text(json.dumps(dumped(Path.cwd())), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
