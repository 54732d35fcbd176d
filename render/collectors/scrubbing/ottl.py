"""OTTL, the language of the processors `transform` and `filter`, as text."""

from collections.abc import Iterable

from render.collectors.common import literal


def quoted(text: str) -> str:
    """Return an OTTL string literal, escaped for the collector's `$` expansion too."""
    return '"' + literal(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def replace(target: str, pattern: str, replacement: str) -> str:
    """Return a statement that replaces each match in a field or attribute; one that is no text stays as it is."""
    return f"replace_pattern({target}, {quoted(pattern)}, {quoted(replacement)})"


def matches(target: str, pattern: str) -> str:
    """Return a condition on a field that always holds a text."""
    return f"IsMatch({target}, {quoted(pattern)})"


def attribute_matches(key: str, pattern: str) -> str:
    """Return a condition on an attribute.

    IsMatch fails on a map with a value that JSON cannot hold, and that would drop the spans of others in the same
    batch: hence the question for a text first.
    """
    return f"(IsString({attribute(key)}) and {matches(attribute(key), pattern)})"


def attribute(key: str) -> str:
    """Return the path of an attribute in the context of its group."""
    return f'attributes["{key}"]'


def any_of(conditions: Iterable[str]) -> str:
    """Return a condition that holds if one of them does."""
    return "(" + " or ".join(conditions) + ")"
