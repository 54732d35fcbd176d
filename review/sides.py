"""The two sides of a change: the program of an earlier commit and the working tree's, each run as it is."""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from plan.cost.bill import CostItem
from review.dump import FORMAT
from review.git import Commit, archive
from snapshot.recorder import Registration

_DUMP = Path("review") / "dump.py"
# Forty times what three stacks need on two busy processors.
_SECONDS = 300


class SideError(Exception):
    """A side that cannot be read; the message is for people."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack on one side; nothing but `problem`, a text for people, if its program refused it.

    `files` are the rendered files by name, `retention_hours` has the hours by the name of the setting.
    """

    resources: tuple[Registration, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    cost: tuple[CostItem, ...] = ()
    retention_hours: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""


Side = Mapping[str, Stack]


def both_sides(base: Commit, head: Path) -> tuple[Side, Side]:
    """Return the stacks of a commit and of a working tree, by name.

    Each is read by its own code in this Python environment, at the same time. Raise `SideError` if one cannot run.
    """
    with tempfile.TemporaryDirectory(prefix="fawkes-base-") as folder, ThreadPoolExecutor(2) as pool:
        unpacked = Path(folder)
        with tarfile.open(fileobj=BytesIO(archive(head, base))) as files:
            files.extractall(unpacked, filter="data")
        before = pool.submit(_side, unpacked, head, f"the commit {base.short} of {base.name}")
        after = pool.submit(_side, head, head, "the working tree")
        return before.result(), after.result()


def _side(checkout: Path, head: Path, what: str) -> Side:
    """Return the stacks of one checkout; a commit without its own dump is read by the newer one."""
    own = checkout / _DUMP
    with tempfile.TemporaryDirectory(prefix="fawkes-dump-") as folder:
        file = Path(folder) / "stacks.json"
        _run([sys.executable, "-P", str(own if own.exists() else head / _DUMP), str(file)], checkout, what)
        document = json.loads(file.read_text(encoding="utf-8"))
    if document.get("format") != FORMAT:
        found = document.get("format")
        raise SideError(
            f"{what} writes its stacks in format {found!r}, and this code reads {FORMAT}: compare by hand."
        )
    return {name: _stack(stack) for name, stack in document["stacks"].items()}


def _run(command: list[str], checkout: Path, what: str) -> None:
    # Compiled files beside the sources of a working tree are none of this command's business.
    environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SideError(f"The program of {what} did not end within {_SECONDS} s.") from error
    if done.returncode:
        reason = next(
            (line.strip() for line in reversed(done.stderr.splitlines()) if line.strip()), "no reason given"
        )
        raise SideError(f"The program of {what} cannot be run here: {reason}")


def _stack(found: Mapping[str, Any]) -> Stack:
    if "problem" in found:
        return Stack(problem=found["problem"])
    return Stack(
        resources=tuple(_registration(one) for one in found["resources"]),
        files=found["files"],
        cost=tuple(CostItem(**item) for item in found["cost"]),
        retention_hours=found["retention_hours"],
    )


def _registration(found: Mapping[str, Any]) -> Registration:
    """Return a registration; JSON has lists where it has tuples."""
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in found.items()
    }
    return Registration(**fields)
