"""What the processors of a collector mask, tried with samples.

A span with one secret passes the processors in their order, as the collector applies them. Understood: `redaction`
and `attributes`, and in `transform` the statements of policies/transform.py. What else may mask does not count.
"""

import re
from dataclasses import dataclass, field

from policies.collector_config import kind_of, literal
from policies.property import Property
from policies.regexes import compiled
from policies.transform import transformed

MASKING_KINDS = frozenset({"attributes", "redaction", "transform"})
MASK = "****"


@dataclass
class Sample:
    """The parts of a span that can hold a text: its fields by their paths in OTTL, and its attributes."""

    fields: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)

    def shows(self, secret: str) -> bool:
        """Return whether a text is readable anywhere."""
        return any(secret in text for text in (*self.fields.values(), *self.attributes.values()))


@dataclass(frozen=True)
class Masking:
    """The processors on a way of spans, by their ids."""

    processors: tuple[tuple[str, Property], ...]

    def hides(self, sample: Sample, secret: str) -> bool:
        """Return whether a secret in a span is readable nowhere behind the processors."""
        for name, settings in self.processors:
            _pass(kind_of(name), settings, sample)
        return not sample.shows(secret)


def _pass(kind: str, settings: Property, sample: Sample) -> None:
    if kind == "redaction":
        _redact(settings, sample.attributes)
    if kind == "attributes":
        for action in settings["actions"].items():
            _act(action, sample.attributes)
    if kind == "transform":
        transformed(settings, sample.fields, sample.attributes)


def _redact(settings: Property, attributes: dict[str, str]) -> None:
    for key, value in list(attributes.items()):
        if key in settings["ignored_keys"].texts() or _any_match(settings["ignored_key_patterns"], key):
            continue
        if not settings["allow_all_keys"].flag(False) and key not in settings["allowed_keys"].texts():
            del attributes[key]
        # Allowed values pass, whatever the key.
        elif not _any_match(settings["allowed_values"], value):
            attributes[key] = _redacted(settings, key, value)


def _redacted(settings: Property, key: str, value: str) -> str:
    if _any_match(settings["blocked_key_patterns"], key):
        return MASK
    for pattern in settings["blocked_values"].items():
        value = _pattern(pattern).sub(MASK, value)
    return value


def _act(action: Property, attributes: dict[str, str]) -> None:
    if action["action"].text("") not in {"delete", "hash", "update"}:
        return
    named = action["key"].text("")
    for key in list(attributes):
        if key == named if action["pattern"].is_missing else _pattern(action["pattern"]).search(key):
            attributes[key] = MASK


def _any_match(patterns: Property, text: str) -> bool:
    return any(_pattern(pattern).search(text) for pattern in patterns.items())


def _pattern(pattern: Property) -> re.Pattern[str]:
    return compiled(Property(literal(pattern.text()), pattern.path))
