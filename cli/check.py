"""`python -m cli check FILE...`: validate stack files without Pulumi."""

import argparse
import sys
from pathlib import Path

from plan.limits import checked_plan
from settings.loader import read_stack_file
from settings.problems import SettingsError, refusal


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("check", help="validate stack files; exit 1 when one is refused")
    parser.add_argument("files", nargs="+", type=Path)
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    return max(_check(path) for path in parsed.files)


def _check(path: Path) -> int:
    try:
        checked_plan(read_stack_file(path))
    except SettingsError as error:
        print(refusal(path, error), file=sys.stderr)
        return 1
    print(f"{path}: accepted")
    return 0
