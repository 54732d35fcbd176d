"""Texts that are no attributes: names of spans, events and scopes, and messages of statuses.

`redaction` searches attributes only. So a field that may hold a secret becomes an attribute before, and goes back
behind it. Most fields cannot, and stay.
"""

from render.collectors.scrubbing.ottl import attribute, matches, quoted

_PREFIX = "fawkes.scrub."
# The attribute that holds a field, by the context of `transform` and the field's path there.
FIELDS: dict[str, dict[str, str]] = {
    "scope": {"name": f"{_PREFIX}scope"},
    "span": {"name": f"{_PREFIX}name", "status.message": f"{_PREFIX}status"},
    "spanevent": {"name": f"{_PREFIX}event"},
}
KEYS = tuple(key for fields in FIELDS.values() for key in fields.values())
# Texts without a sign of an assignment, an argument, an address or a URL, and without a digit but that of a
# version (`GET /v1/orders/{id}`): a token of usual length has digits. Go reads this in one pass.
_PLAIN = r"""^(?:[^=:@%>"'\\0-9v-]|-[^=:@%>"'\\0-9-]|v[0-9]?)*$"""


def is_plain(path: str) -> str:
    """Return a condition: the field holds no secret."""
    return matches(path, _PLAIN)


def taken(context: str) -> list[str]:
    """Return the statements that make attributes of the fields that may hold a secret."""
    return [f"set({attribute(key)}, {path}) where not {is_plain(path)}" for path, key in FIELDS[context].items()]


def put_back(context: str) -> list[str]:
    """Return the statements that put the searched texts back into their fields.

    A sender may have set an attribute of that name himself, of any type; then it is searched like every other.
    """
    return [
        statement
        for path, key in FIELDS[context].items()
        for statement in (
            f"set({path}, {attribute(key)}) where IsString({attribute(key)})",
            f"delete_key(attributes, {quoted(key)})",
        )
    ]


def are_taken(context: str) -> list[str]:
    """Return the conditions of a group for fields that became attributes."""
    return [f"{attribute(key)} != nil" for key in FIELDS[context].values()]
