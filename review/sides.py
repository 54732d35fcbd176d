"""The two sides of a change: the program of an earlier commit and the working tree's, each run as it is."""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from io import BytesIO
from pathlib import Path
from typing import Any

from plan.cost.bill import CostItem
from review.dump import FORMAT
from review.findings import Finding
from review.git import Commit, archive
from snapshot.recorder import Registration

_DUMP = Path("review") / "dump.py"
# Forty times what three stacks need on two busy processors.
SECONDS = 300

# Fields of a registration that recorders of earlier commits do not know, and what stands for them.
_NOT_RECORDED: Mapping[str, Any] = {"ignored": (), "timeouts": {}, "property_dependencies": {}}


class SideError(Exception):
    """A side that cannot be read; the message is for people."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack on one side; nothing but `problem`, a text for people, if its program refused it.

    `files` are the rendered files by name, `retention_hours` has the hours by the name of the setting. `findings`
    are those of the policies, None where they did not run.
    """

    resources: tuple[Registration, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    cost: tuple[CostItem, ...] = ()
    retention_hours: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] | None = None
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
        before = pool.submit(side, unpacked, head, f"the commit {base.short} of {base.name}")
        after = pool.submit(side, head, head, "the working tree")
        return before.result(), after.result()


def side(checkout: Path, head: Path, what: str) -> Side:
    """Return the stacks of one checkout; a commit without its own dump is read by the newer one."""
    own = checkout / _DUMP
    with tempfile.TemporaryDirectory(prefix="fawkes-dump-") as folder:
        file = Path(folder) / "stacks.json"
        script = own if own.exists() else head / _DUMP
        # The policies of the later commit judge what it would deploy; the earlier one is history.
        policies = ["--policies"] if checkout == head else []
        _run([sys.executable, "-P", str(script), str(file), *policies], checkout, what)
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
            command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SideError(f"The program of {what} did not end within {SECONDS} s.") from error
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
        findings=_findings(found.get("findings")),
    )


def _findings(found: Sequence[Mapping[str, Any]] | None) -> tuple[Finding, ...] | None:
    return None if found is None else tuple(Finding(**one) for one in found)


def _registration(found: Mapping[str, Any]) -> Registration:
    """Return a registration; JSON has lists where it has tuples, and an older recorder fewer fields."""
    known = {one.name: found[one.name] for one in fields(Registration) if one.name in found}
    lists: dict[str, Any] = {key: tuple(value) for key, value in known.items() if isinstance(value, list)}
    return Registration(**{**_NOT_RECORDED, **known, **lists})
