"""`python -m cli documents`: run the commands in docs/cost.md and update the output shown below them."""

import argparse
import re
import subprocess
import sys

from settings.project import REPO

DOCUMENT = REPO / "docs" / "cost.md"
# A line with a command in backticks and a colon at its end, and the block below it.
SHOWN = re.compile(r"(?P<head>`python -m (?P<command>cli [^`]+)`[^\n]*:\n\n```text\n)(?P<block>.*?)```", re.DOTALL)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "documents",
        help="update the figures in docs/cost.md",
        description="Run the commands in docs/cost.md and update the output shown below them.",
    )
    parser.set_defaults(run=_run)


def _run(_parsed: argparse.Namespace) -> int:
    DOCUMENT.write_text(refreshed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def refreshed(text: str) -> str:
    """Return the document with the current output of each command in it."""
    return SHOWN.sub(lambda found: f"{found['head']}{_output(found['command'])}```", text)


def _output(command: str) -> str:
    run = [sys.executable, "-m", *command.split()]
    return subprocess.run(run, cwd=REPO, check=True, capture_output=True, text=True).stdout
