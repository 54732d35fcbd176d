"""A target whose engine has been run before: its preview leaves a given event log, and nothing is deployed."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.engine.engine import Engine, Update
from lab.engine.run import EngineError, Outcome
from lab.errors import LabError
from lab.target.target import Target

URN = "urn:pulumi:prod::tracing::kubernetes:apps/v1:StatefulSet::tempo"


def log_of(operation: str) -> str:
    """Return the event log of a preview that would do this to one StatefulSet."""
    state = {"type": "kubernetes:apps/v1:StatefulSet", "urn": URN, "custom": True, "id": "x", "inputs": {"a": 1}}
    step = {"op": operation, "urn": URN, "type": state["type"], "old": state, "new": state}
    summary = {"resourceChanges": {operation: 1}, "isPreview": True}
    events: list[dict[str, Any]] = [{"resourcePreEvent": {"metadata": step}}, {"summaryEvent": summary}]
    return "".join(f"{json.dumps({'sequence': number, **event})}\n" for number, event in enumerate(events))


@dataclass(frozen=True, kw_only=True)
class RecordedEngine(Engine):
    """An engine whose preview leaves `log`; with `refusal` the policies refuse it. `ran` has the verbs so far."""

    log: str = log_of("update")
    refusal: str = ""
    ran: list[str] = field(default_factory=list)

    def preview(self, *_flags: str, update: Update = print) -> Outcome:
        """Write the log."""
        self.ran.append("preview")
        update("previewing")
        log = self.events("preview")
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(self.log, encoding="utf-8")
        if self.refusal:
            raise EngineError(self.refusal, "The whole output is in x.log.")
        return Outcome(changes={"update": 1, "same": 3}, text="~ tempo", seconds=1, events=log)

    def up(self, update: Update = print) -> Outcome:
        """End here: no test of a refusal may come so far, and no other needs more."""
        self.ran.append("up")
        update("updating")
        raise EngineError("Deployed.", "Nothing more.")


@dataclass(frozen=True)
class RecordedTarget(Target):
    """A target with that engine."""

    recorded: RecordedEngine | None = None

    def engine(self, stack: str) -> Engine:
        """Return it; without one, the refusal of a lab without tools."""
        if self.recorded is None:
            raise LabError(f"The engine of {stack} is not built yet.", "Run `make tools` first.")
        return self.recorded


def recorded_engine(home: Path, **what: str) -> RecordedEngine:
    """Return an engine of stack prod with this home; `what` has its `log` and its `refusal`."""
    return RecordedEngine(repo=home, stack="prod", home=home, pulumi=home / "pulumi", **what)  # type: ignore[arg-type]  # texts only
