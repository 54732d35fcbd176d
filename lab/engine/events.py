"""The engine's event log, read while it grows: what it is doing, what went wrong, what it counted."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = dict[str, Any]

_DOING = {
    "create": "creating",
    "update": "updating",
    "delete": "deleting",
    "replace": "replacing",
    "create-replacement": "creating the new",
    "delete-replaced": "deleting the old",
    "read": "reading",
    "refresh": "looking at",
    "import": "importing",
}
# What the engine says after every failure, or for every stand-in; it helps nobody to act.
_NOISE = re.compile(
    r"an unhandled error occurred: program exited"
    r"|^update failed$|^preview failed$|^destroy failed$|^refresh failed$"
    r"|^using pulumi-\S+ from \$PATH"
)
# The engine wraps even a single reason into a list of one; the Kubernetes plugin names the resource again, whole.
_ONE_ERROR = re.compile(r"^1 error occurred:\s+\* ")
_NAMED_AGAIN = re.compile(r'resource "urn:pulumi:[^"]*" ')


def label(urn: str) -> str:
    """Name a resource for people: `StatefulSet tempo`."""
    types, name = urn.split("::", 3)[2:]
    return f"{types.rsplit(':', 1)[-1]} {name}"


@dataclass
class Story:
    """What the events so far tell. Feed it with `add`."""

    doing: str = ""
    under_way: set[str] = field(default_factory=set)
    done: int = 0
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    # What was of interest for a moment, such as what a resource waits for; the command prints it all the same.
    passing: set[str] = field(default_factory=set)

    def add(self, event: Event) -> None:
        """Take one event."""
        if started := event.get("resourcePreEvent"):
            self._start(started["metadata"])
        elif ended := event.get("resOutputsEvent") or event.get("resOpFailedEvent"):
            self._end(ended["metadata"])
        elif said := event.get("diagnosticEvent"):
            self._diagnose(said)
        elif broken := event.get("policyEvent"):
            self._violate(broken)
        elif summary := event.get("summaryEvent"):
            self.changes = dict(summary["resourceChanges"])

    def lasting(self, text: str) -> str:
        """Return what a command printed without what was of interest for a moment."""
        lines = text.splitlines(keepends=True)
        kept = [line for line in lines if line.strip().removeprefix("warning: ") not in self.passing]
        return "".join(kept)

    def line(self) -> str:
        """Say in one line what the engine is doing."""
        others = len(self.under_way) - 1
        more = f", {others} more under way" if others > 0 else ""
        return f"{self.doing}{more}, {self.done} done" if self.doing else ""

    def _start(self, step: Event) -> None:
        # The stack itself and its providers are no news to anybody.
        doing = None if step["type"].startswith("pulumi:") else _DOING.get(step["op"])
        if doing:
            self.under_way.add(step["urn"])
            self.doing = f"{doing} {label(step['urn'])}"

    def _end(self, step: Event) -> None:
        if step["urn"] in self.under_way:
            self.under_way.discard(step["urn"])
            self.done += 1

    def _diagnose(self, said: Event) -> None:
        urn, text = said.get("urn", ""), said["message"].strip()
        if said.get("ephemeral") or _NOISE.search(text):
            self.passing.update(line.strip() for line in text.splitlines())
        who = f"{label(urn)}: " if urn else ""
        if _NOISE.search(text):
            return
        if said["severity"] == "error":
            self.errors.append(who + without_traceback(_NAMED_AGAIN.sub("", _ONE_ERROR.sub("", text))))
        elif said["severity"] == "warning":
            self.warnings.append(who + text)
        elif said.get("ephemeral") and said["severity"] == "info" and text:
            self.doing = who + text

    def _violate(self, broken: Event) -> None:
        if broken["enforcementLevel"] == "mandatory":
            urn = broken.get("resourceUrn", "")
            text = f"{broken['policyName']}: {broken['message'].strip()}"
            self.violations.append(f"{label(urn)}: {text}" if urn else text)


def without_traceback(text: str) -> str:
    """Return the message at the end of a Python traceback, or the text as it is when there is none."""
    lines = text.splitlines()
    frames = [index for index, line in enumerate(lines) if line.startswith('  File "')]
    if not frames:
        return text
    after = lines[frames[-1] + 1 :]
    while after and after[0].startswith("    "):
        after.pop(0)
    return "\n".join(after) or text


class EventFile:
    """The engine's event log, one JSON document a line, of which the last may be half written."""

    def __init__(self, file: Path) -> None:
        """Start at the beginning of a file that need not exist yet."""
        self._file = file
        self._offset = 0

    def news(self) -> Iterator[Event]:
        """Yield the events that were added since the last call."""
        if not self._file.exists():
            return
        with self._file.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                yield json.loads(line)
