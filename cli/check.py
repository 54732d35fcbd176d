"""`python -m cli check FILE...`: validate stack files without Pulumi."""

import argparse
import sys
from pathlib import Path

from cli.stack_files import accepted, add_files
from settings.without_effect import warnings_about


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "check",
        help="validate stack files",
        description="Validate stack files without Pulumi. Print every problem, and a warning for each setting "
        "that others leave without effect. Exit with 1 if a file is refused.",
    )
    add_files(parser)
    parser.set_defaults(run=_run)


def _run(parsed: argparse.Namespace) -> int:
    return max(_check(path) for path in parsed.files)


def _check(path: Path) -> int:
    if (stack := accepted(path)) is None:
        return 1
    settings, _ = stack
    print(f"{path}: accepted")
    for warning in warnings_about(settings):
        print(f"{path}: warning: {warning}", file=sys.stderr)
    return 0
