"""Violations of policies, as the engine reports them while it previews or deploys a stack."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from lab.engine.events import Event
from review.names import label

# The most violations of one rule that an error lists: a setting of all Pods is wrong in thirty places.
_MOST = 5


@dataclass(frozen=True, order=True)
class Violation:
    """A rule with its severity ("" if it has none) and promise, and what it says of a resource or of the stack."""

    rule: str
    severity: str
    promise: str
    said: str

    @classmethod
    def of(cls, event: Event) -> "Violation":
        """Return the violation in a `policyEvent`, whose message begins with the rule's description."""
        promise, _, sentence = event["message"].strip().partition("\n")
        resource = f"{label(event['resourceUrn'])}: " if event.get("resourceUrn") else ""
        said = " ".join((sentence or promise).split())
        return cls(event["policyName"], event.get("severity", ""), promise, f"{resource}{said}")

    @property
    def heading(self) -> str:
        """What the violations of one rule have in common: `own-key (high): Blocks are …`."""
        return (
            f"{self.rule} ({self.severity}): {self.promise}" if self.severity else f"{self.rule}: {self.promise}"
        )


def by_rule(events: Iterable[Event]) -> list[str]:
    """Return lines: each rule with its promise and, indented below, its violations, each `policyEvent` once."""
    lines = []
    for heading, found in groupby(sorted({Violation.of(event) for event in events}), lambda one: one.heading):
        same = list(found)
        more = [f"  … and {len(same) - _MOST} more"] if len(same) > _MOST else []
        lines += [heading, *(f"  {one.said}" for one in same[:_MOST]), *more]
    return lines
