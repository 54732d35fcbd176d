"""`python -m settings check FILE...` judges stack files alone; `python -m settings schema` prints the schema."""

import argparse
import sys
from pathlib import Path

from plan.limits import checked_plan
from settings.command import run
from settings.loader import read_stack_file
from settings.problems import SettingsError, refusal
from settings.schema import schema_text


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 1 when a file was refused."""
    parser = argparse.ArgumentParser(prog="python -m settings", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="judge stack files; exit 1 when one is refused")
    check.add_argument("files", nargs="+", type=Path)
    commands.add_parser("schema", help="print the JSON Schema of a stack file")
    parsed = parser.parse_args(arguments)
    if parsed.command == "schema":
        print(schema_text(), end="")
        return 0
    return max(_check(path) for path in parsed.files)


def _check(path: Path) -> int:
    try:
        checked_plan(read_stack_file(path))
    except SettingsError as error:
        print(refusal(path, error), file=sys.stderr)
        return 1
    print(f"{path}: accepted")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
