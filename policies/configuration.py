"""The levels and bounds of an environment, `policies/config/<stack>.json`, as the engine applies them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.rule import Rule

FOLDER = Path(__file__).resolve().parent / "config"
LEVELS = ("advisory", "mandatory", "disabled")
# The entry that holds for every rule, and the key of a rule's entry, that set a level.
ALL, LEVEL = "all", "enforcementLevel"


@dataclass(frozen=True)
class Configured:
    """A rule's level in an environment, and its bounds there."""

    level: str
    bounds: Mapping[str, Any]


def read_configuration(stack: str) -> dict[str, Any]:
    """Return the content of a stack's file; raise FileNotFoundError if there is none."""
    content: dict[str, Any] = json.loads((FOLDER / f"{stack}.json").read_text(encoding="utf-8"))
    return content


def configured(rule: Rule, content: Mapping[str, Any]) -> Configured:
    """Return what a file says of a rule; an entry may be a level alone."""
    entry = content.get(rule.name, {})
    own = {LEVEL: entry} if isinstance(entry, str) else dict(entry)
    level = own.pop(LEVEL, content.get(ALL, "mandatory"))
    return Configured(str(level), own)
