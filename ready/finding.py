"""The answer of a check: a requirement, whether it is met, a sentence, and what to do if it is not."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """Whether a requirement is met; the value is what people read."""

    MET = "met"
    NOT_MET = "not met"
    NOT_SEEN = "not looked at"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    state: State
    requirement: str
    sentence: str
    to_do: str = ""


def met(requirement: str, sentence: str) -> Finding:
    """Return that a requirement is met; the sentence says by what."""
    return Finding(State.MET, requirement, sentence)


def not_met(requirement: str, sentence: str, to_do: str) -> Finding:
    """Return that a requirement is not met, with what was found and what to do."""
    return Finding(State.NOT_MET, requirement, sentence, to_do)


def not_seen(requirement: str, why: str, to_do: str = "") -> Finding:
    """Return that a requirement could not be looked at, with the reason and how to see it otherwise."""
    return Finding(State.NOT_SEEN, requirement, f"Unknown, because {why.rstrip('.')}.", to_do)


def listed(names: list[str] | tuple[str, ...], most: int = 5) -> str:
    """Return names as `a, b and 3 more`: a large cluster has more than anybody reads."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
