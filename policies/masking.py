"""What the processors of a collector mask, tried with samples.

Understood: `redaction` and `attributes`, and in `transform` OTTL's `replace_pattern`, `replace_all_patterns`,
`delete_key` and `delete_matching_keys`. What else may mask does not count.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policies.collector_config import kind_of, literal
from policies.property import Property
from policies.regexes import compiled

_TEXT = r'"((?:[^"\\]|\\.)*)"'
# Statements without a condition. Their pattern is OTTL's text, in which a backslash is written twice.
_REPLACE = re.compile(rf"replace_pattern\((?:span\.|spanevent\.)?([\w.]+), {_TEXT}, {_TEXT}\)")
_REPLACE_ALL = re.compile(rf'replace_all_patterns\((?:\w+\.)?attributes, "value", {_TEXT}, {_TEXT}\)')
_DELETE = re.compile(rf"delete_key\((?:\w+\.)?attributes, {_TEXT}\)")
_DELETE_MATCHING = re.compile(rf"delete_matching_keys\((?:\w+\.)?attributes, {_TEXT}\)")


MASKING_KINDS = frozenset({"attributes", "redaction", "transform"})


@dataclass(frozen=True)
class Masking:
    """The processors on a way of spans, by their ids."""

    processors: tuple[tuple[str, Property], ...]

    def hides_key(self, key: str) -> bool:
        """Return whether the value of every span's attribute of that name is masked or deleted, whatever it is."""
        return any(_hides_key(kind_of(name), settings, key) for name, settings in self.processors)

    def hides_value(self, value: str) -> bool:
        """Return whether a secret in the value of any attribute is masked; `value` is an example."""
        return any(_hides_value(kind_of(name), settings, value) for name, settings in self.processors)

    def hides_in(self, field: str, value: str) -> bool:
        """Return whether a secret is masked in a field of a span: `name` or `status.message`."""
        statements = (
            found.groups()
            for name, settings in self.processors
            if kind_of(name) == "transform"
            for statement in _statements(settings, ("span",))
            if (found := _REPLACE.fullmatch(statement.text()))
        )
        return any(target == field and _matches(pattern, value) for target, pattern, _ in statements)


def _hides_key(kind: str, settings: Property, key: str) -> bool:
    if kind == "redaction":
        return _redacts_key(settings, key)
    if kind == "attributes":
        return any(_acts_on(action, key) for action in settings["actions"].items())
    if kind == "transform":
        return any(_deletes(statement.text(), key) for statement in _statements(settings, ("span",)))
    return False


def _redacts_key(settings: Property, key: str) -> bool:
    if key in settings["ignored_keys"].texts() or _any_match(settings["ignored_key_patterns"], key):
        return False
    if not settings["allow_all_keys"].flag(False):
        return key not in settings["allowed_keys"].texts()
    # Allowed values pass, whatever the key.
    return not settings["allowed_values"].items() and _any_match(settings["blocked_key_patterns"], key)


def _acts_on(action: Property, key: str) -> bool:
    if action["action"].text("") not in {"delete", "hash", "update"}:
        return False
    if not action["pattern"].is_missing:
        return bool(_pattern(action["pattern"]).search(key))
    return action["key"].text("") == key


def _deletes(statement: str, key: str) -> bool:
    if named := _DELETE.fullmatch(statement):
        return _unquoted(named[1]) == key
    matching = _DELETE_MATCHING.fullmatch(statement)
    return bool(matching) and _matches(matching[1] if matching else "", key)


def _hides_value(kind: str, settings: Property, value: str) -> bool:
    if kind == "redaction":
        passes = settings["ignored_keys"].items() or settings["ignored_key_patterns"].items()
        allowed = _any_match(settings["allowed_values"], value)
        return not passes and not allowed and _any_match(settings["blocked_values"], value)
    if kind == "transform":
        found = (_REPLACE_ALL.fullmatch(one.text()) for one in _statements(settings, ("span",)))
        return any(_matches(one[1], value) for one in found if one)
    return False


def _statements(settings: Property, contexts: Iterable[str]) -> Iterator[Property]:
    """Yield the statements for spans; in their short form they name what they act on themselves."""
    for group in settings["trace_statements"].items():
        if isinstance(group.value, str):
            yield group
        # A condition of the group narrows all its statements.
        elif group["context"].text("span") in contexts and not group["conditions"].items():
            yield from group["statements"].items()


def _any_match(patterns: Property, text: str) -> bool:
    return any(_pattern(pattern).search(text) for pattern in patterns.items())


def _pattern(pattern: Property) -> re.Pattern[str]:
    return compiled(Property(literal(pattern.text()), pattern.path))


def _matches(quoted: str, text: str) -> bool:
    pattern = Property(_unquoted(quoted), "the pattern of a transform statement")
    return bool(_pattern(pattern).search(text))


def _unquoted(text: str) -> str:
    """Return OTTL's text without its escapes, which are those of JSON where patterns have any."""
    return str(json.loads(f'"{text}"', strict=False))
