"""`python -m cli documents`: update the outputs of commands and the tables of changes in docs/."""

import argparse
import logging
import re
import subprocess
import sys

from settings.project import PROJECT, REPO

COST = REPO / "docs" / "cost.md"
NETWORK = REPO / "docs" / "network.md"
PERFORMANCE = REPO / "docs" / "performance.md"
SIZING = REPO / "docs" / "sizing.md"
CHANGES = REPO / "docs" / "changes.md"
# The stack whose changes are shown.
STACK = "prod"
# A line with a command in backticks and a colon at its end, and the block below it.
SHOWN = re.compile(r"(?P<head>`python -m (?P<command>cli [^`]+)`[^\n]*:\n\n```text\n)(?P<block>.*?)```", re.DOTALL)
# Ends the part of docs/changes.md that is written by hand.
GENERATED_BELOW = "<!-- `make golden` writes everything below. -->\n\n"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser(
        "documents",
        help="update the outputs of commands in docs/ and docs/changes.md",
        description="Run the commands in docs/cost.md, docs/network.md, docs/performance.md and docs/sizing.md "
        "and update the output shown below them. "
        "Change each setting "
        f"of {STACK} in turn and write what that does into docs/changes.md, which takes half a minute.",
    )
    parser.set_defaults(run=_run)


def _run(_parsed: argparse.Namespace) -> int:
    for document in (COST, NETWORK, PERFORMANCE, SIZING):
        document.write_text(refreshed(document.read_text(encoding="utf-8")), encoding="utf-8")
    by_hand, marker, _ = CHANGES.read_text(encoding="utf-8").partition(GENERATED_BELOW)
    CHANGES.write_text(f"{by_hand}{marker}{_change_tables()}", encoding="utf-8")
    return 0


def refreshed(text: str) -> str:
    """Return the document with the current output of each command in it."""
    return SHOWN.sub(lambda found: f"{found['head']}{_output(found['command'])}```", text)


def _change_tables() -> str:
    # Imported here: Pulumi's SDKs take a second, and few commands need them.
    from snapshot.change_tables import tables  # noqa: PLC0415
    from snapshot.example_values import EXAMPLES  # noqa: PLC0415
    from snapshot.outcomes import Outcomes  # noqa: PLC0415

    # The program warns of settings without effect, which are among those that are changed.
    logging.getLogger(PROJECT).setLevel(logging.ERROR)
    outcomes = Outcomes(REPO / f"Pulumi.{STACK}.yaml", STACK, EXAMPLES)
    return tables(outcomes.all(), outcomes.servers)


def _output(command: str) -> str:
    run = [sys.executable, "-m", *command.split()]
    return subprocess.run(run, cwd=REPO, check=True, capture_output=True, text=True).stdout
