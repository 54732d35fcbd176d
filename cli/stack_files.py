"""The stack files that a command is given, read and refused alike by every command."""

import argparse
import sys
from pathlib import Path

from plan.limits import checked_plan
from plan.plan import Plan
from settings.loader import read_stack_file
from settings.problems import SettingsError, refusal
from settings.stack import StackSettings


def add_files(parser: argparse.ArgumentParser) -> None:
    """Add the argument FILE..., parsed as `files`."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="such as Pulumi.prod.yaml")


def accepted(path: Path) -> tuple[StackSettings, Plan] | None:
    """Return a stack's settings and plan; None, with every problem on standard error, when it is refused."""
    try:
        settings = read_stack_file(path)
        return settings, checked_plan(settings)
    except SettingsError as error:
        print(refusal(path, error), file=sys.stderr)
        return None
