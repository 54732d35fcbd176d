"""The engine's event log, read while it grows: current operation, errors, violations, and counts by operation."""

import itertools
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from review.names import label

Event = dict[str, Any]

_PROGRESS = {
    "create": "creating",
    "update": "updating",
    "delete": "deleting",
    "replace": "replacing",
    "create-replacement": "creating the new",
    "delete-replaced": "deleting the old",
    "read": "reading",
    "refresh": "refreshing",
    "import": "importing",
}
# Printed after every failure, or for every emulated plugin; nobody can act on it.
_NOISE = re.compile(
    r"an unhandled error occurred: program exited"
    r"|^update failed$|^preview failed$|^destroy failed$|^refresh failed$"
    r"|^using pulumi-\S+ from \$PATH"
)
# The engine wraps even a single reason into a list of one; the Kubernetes plugin repeats the resource's URN.
_REDUNDANT = re.compile(r'^1 error occurred:\s+\* |resource "urn:pulumi:[^"]*" ')


@dataclass
class Story:
    """The events so far, summarized. Feed it with `add`."""

    current: str = ""
    under_way: set[str] = field(default_factory=set)
    done: int = 0
    errors: list[str] = field(default_factory=list)
    # The `policyEvent`s of mandatory rules; advice is in the command's output.
    violations: list[Event] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    # Lines of passing interest, such as what a resource waits for, which the command prints all the same.
    passing: set[str] = field(default_factory=set)

    def add(self, event: Event) -> None:
        """Take one event."""
        if started := event.get("resourcePreEvent"):
            step = started["metadata"]
            # The stack itself and its providers are not reported.
            if not step["type"].startswith("pulumi:") and (doing := _PROGRESS.get(step["op"])):
                self.under_way.add(step["urn"])
                self.current = f"{doing} {label(step['urn'])}"
        elif ended := event.get("resOutputsEvent") or event.get("resOpFailedEvent"):
            self.done += ended["metadata"]["urn"] in self.under_way
            self.under_way.discard(ended["metadata"]["urn"])
        elif diagnostic := event.get("diagnosticEvent"):
            self._diagnose(diagnostic, diagnostic["message"].strip())
        elif violation := event.get("policyEvent"):
            self.violations += [violation] * (violation["enforcementLevel"] == "mandatory")
        elif summary := event.get("summaryEvent"):
            self.changes = dict(summary["resourceChanges"])

    def lasting(self, text: str) -> str:
        """Return a command's output without the lines of passing interest."""
        lines = text.splitlines(keepends=True)
        return "".join(line for line in lines if line.strip().removeprefix("warning: ") not in self.passing)

    def line(self) -> str:
        """Return the current progress as one line, "" before the first operation."""
        others = len(self.under_way) - 1
        more = f", {others} more under way" if others > 0 else ""
        return f"{self.current}{more}, {self.done} done" if self.current else ""

    def _diagnose(self, diagnostic: Event, text: str) -> None:
        noise, ephemeral, severity = _NOISE.search(text), diagnostic.get("ephemeral"), diagnostic["severity"]
        prefix = f"{label(urn)}: " if (urn := diagnostic.get("urn")) else ""
        if noise or ephemeral:
            self.passing.update(line.strip() for line in text.splitlines())
        if severity == "error" and not noise:
            self.errors.append(prefix + without_traceback(_REDUNDANT.sub("", text)))
        elif severity == "info" and ephemeral and text and not noise:
            self.current = prefix + text


def without_traceback(text: str) -> str:
    """Return the message at the end of a Python traceback, or the text as it is when there is none."""
    lines = text.splitlines()
    frames = [index for index, line in enumerate(lines) if line.startswith('  File "')]
    if not frames:
        return text
    after = itertools.dropwhile(lambda line: line.startswith("    "), lines[frames[-1] + 1 :])
    return "\n".join(after) or text


def news(log: BinaryIO) -> Iterator[Event]:
    """Yield the events that the engine added to its log since the last call; a half-written line is left."""
    while (line := log.readline()).endswith(b"\n"):
        yield json.loads(line)
    log.seek(-len(line), os.SEEK_CUR)
