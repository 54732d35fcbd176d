"""`python -m cli check FILE...`: validate stack files without Pulumi."""

import argparse
import sys
from pathlib import Path

from plan.limits import checked_plan
from settings.loader import read_stack_file
from settings.not_yet import warnings_about
from settings.problems import SettingsError, refusal


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "check",
        help="validate stack files",
        description="Validate stack files without Pulumi. Print every problem, and a warning for each setting "
        "that this release does not implement. Exit with 1 if a file is refused.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="such as Pulumi.prod.yaml")
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    return max(_check(path) for path in parsed.files)


def _check(path: Path) -> int:
    try:
        settings = read_stack_file(path)
        checked_plan(settings)
    except SettingsError as error:
        print(refusal(path, error), file=sys.stderr)
        return 1
    print(f"{path}: accepted")
    for warning in warnings_about(settings):
        print(f"{path}: warning: {warning}", file=sys.stderr)
    return 0
