"""The statements of a `transform` processor that mask, applied to the texts of one span.

OTTL's `replace_pattern`, `replace_all_patterns`, `delete_key`, `delete_matching_keys`, and `set` between a field
and an attribute. A statement with a condition applies if the samples answer the condition: whether a text matches
a pattern, or whether an attribute is there. Everything else is taken as if it did nothing.
"""

import json
import re
from collections.abc import Iterator, MutableMapping

from policies.collector_config import literal
from policies.property import Property
from policies.regexes import compiled

# In OTTL's texts a backslash is written twice.
_TEXT = r'"((?:[^"\\]|\\.)*)"'
_PATH = rf"(?:span\.|spanevent\.)?(\w+(?:\.\w+)*(?:\[{_TEXT}\])?)"
_ATTRIBUTES = r"(?:\w+\.)?attributes"
_REPLACE = re.compile(rf"replace_pattern\({_PATH}, {_TEXT}, {_TEXT}\)")
_REPLACE_ALL = re.compile(rf'replace_all_patterns\({_ATTRIBUTES}, "value", {_TEXT}, {_TEXT}\)')
_DELETE = re.compile(rf"delete_key\({_ATTRIBUTES}, {_TEXT}\)")
_DELETE_MATCHING = re.compile(rf"delete_matching_keys\({_ATTRIBUTES}, {_TEXT}\)")
_SET = re.compile(rf"set\({_PATH}, {_PATH}\)")
_SET_NIL = re.compile(rf"set\({_PATH}, nil\)")
_IS_MATCH = re.compile(rf"(not )?IsMatch\({_PATH}, {_TEXT}\)")
_IS_THERE = re.compile(rf"IsString\({_PATH}\)|{_PATH} != nil")

# Without this gate of the collector `set` ignores a nil.
NIL_GATE = "ottl.set.allowNil"

Texts = MutableMapping[str, str]


def transformed(settings: Property, fields: Texts, attributes: Texts) -> None:
    """Apply a processor's statements for spans to a span's fields and attributes."""
    for group in settings["trace_statements"].items():
        for statement in _statements(group, fields, attributes):
            _apply(statement, fields, attributes)


def set_to_nil(settings: Property) -> list[str]:
    """Return the paths that a processor's statements for spans set to nil."""
    statements = [
        one
        for group in settings["trace_statements"].items()
        for one in ([group.text()] if isinstance(group.value, str) else group["statements"].texts())
    ]
    return [found[1] for one in statements if (found := _SET_NIL.match(one))]


def _statements(group: Property, fields: Texts, attributes: Texts) -> Iterator[str]:
    """Yield the statements of a group whose condition holds; in their short form there is no group."""
    if isinstance(group.value, str):
        yield group.text()
        return
    conditions = group["conditions"].texts()
    holds = not conditions or any(_holds(condition, fields, attributes) for condition in conditions)
    if group["context"].text("span") == "span" and holds:
        yield from group["statements"].texts()


def _apply(statement: str, fields: Texts, attributes: Texts) -> None:
    done, _, condition = statement.partition(" where ")
    if condition and not _holds(condition, fields, attributes):
        return
    if found := _REPLACE.fullmatch(done):
        texts, key = _place(found[1], found[2], fields, attributes)
        if key in texts:
            texts[key] = _replaced(found[3], found[4], texts[key])
    elif found := _REPLACE_ALL.fullmatch(done):
        attributes.update({key: _replaced(found[1], found[2], value) for key, value in attributes.items()})
    elif found := _SET.fullmatch(done):
        target, key = _place(found[1], found[2], fields, attributes)
        source, other = _place(found[3], found[4], fields, attributes)
        target.update({key: source[other]} if other in source else {})
    else:
        for key in _deleted(done, attributes):
            del attributes[key]


def _deleted(statement: str, attributes: Texts) -> list[str]:
    if found := _DELETE.fullmatch(statement):
        return [key for key in attributes if key == _unquoted(found[1])]
    if found := _DELETE_MATCHING.fullmatch(statement):
        return [key for key in attributes if _pattern(found[1]).search(key)]
    return []


def _holds(condition: str, fields: Texts, attributes: Texts) -> bool:
    """Return whether a condition holds; one that is not understood counts as false."""
    if found := _IS_MATCH.fullmatch(condition):
        texts, key = _place(found[2], found[3], fields, attributes)
        return key in texts and bool(_pattern(found[4]).search(texts[key])) != bool(found[1])
    if found := _IS_THERE.fullmatch(condition):
        path, name = (found[1], found[2]) if found[1] else (found[3], found[4])
        texts, key = _place(path, name, fields, attributes)
        return key in texts
    return False


def _place(path: str, name: str | None, fields: Texts, attributes: Texts) -> tuple[Texts, str]:
    """Return where a path leads: attributes and a name, or fields and the path."""
    return (fields, path) if name is None else (attributes, _unquoted(name))


def _replaced(pattern: str, replacement: str, text: str) -> str:
    # What a replacement takes over of the match does not count as masked.
    whole = _unquoted(replacement)
    return text if "$" in literal(whole) else _pattern(pattern).sub(lambda _: whole, text)


def _pattern(quoted: str) -> re.Pattern[str]:
    return compiled(Property(literal(_unquoted(quoted)), "the pattern of a transform statement"))


def _unquoted(text: str) -> str:
    """Return OTTL's text without its escapes, which are those of JSON where patterns have any."""
    return str(json.loads(f'"{text}"', strict=False))
