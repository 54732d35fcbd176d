"""Run the program of one checkout for every stack file in it, and write what it registers and renders as JSON.

`python -P review/dump.py FILE [--policies]`, with the checkout as working directory and in `PYTHONPATH`, so that
each commit is read by its own code. A commit without this file is read by the newer one. It therefore imports
nothing of this folder but the policies when they are asked for, and only what has been there for long.
"""

import dataclasses
import json
import logging
import sys
from collections.abc import Callable, Mapping
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
from snapshot.recorder import Recorder

# Raised when a field changes its name or meaning; review/sides.py reads this one.
FORMAT = 1
# From a recording, the configuration and the name of a stack to findings as plain data.
Check = Callable[[Recorder, Mapping[str, Any], str], list[dict[str, str]] | None]


def dumped(folder: Path, check: Check | None) -> dict[str, Any]:
    """Return what each stack of a checkout registers, renders and costs, as plain data by the stack's name.

    `check` returns what policies find in a recording.
    """
    names = sorted(
        path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in folder.glob("Pulumi.*.yaml")
    )
    stacks = {name: _stack(folder / f"Pulumi.{name}.yaml", name, check) for name in names}
    return {"format": FORMAT, "stacks": stacks}


def _stack(path: Path, name: str, check: Check | None) -> dict[str, Any]:
    """Return one stack; only `problem`, if its file is refused or its program fails."""
    try:
        settings, config = read_stack_file(path), stack_config(path)
        plan = checked_plan(settings)
        recorder = record_program(config, name)
        return {
            "resources": [dataclasses.asdict(one) for one in recorder.registrations],
            "files": render(settings, plan).files(),
            "cost": _cost(monthly_cost(settings, plan)),
            "retention_hours": _retention(settings),
            "findings": check(recorder, config, name) if check else None,
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


def _policies() -> Check:
    # Imported here: an earlier commit may have none.
    from review.policies import check  # noqa: PLC0415

    return check


def main(file: str, *options: str) -> None:
    """Write the document of the working directory to a file."""
    logging.getLogger(PROJECT).setLevel(logging.ERROR)
    document = dumped(Path.cwd(), _policies() if options else None)
    Path(file).write_text(json.dumps(document), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
