"""Regular expressions of Go (RE2), compiled for Python."""

import re
from functools import lru_cache

from policies.property import Property
from policies.unjudged import UnjudgedError

_FLAGS = re.compile(r"\(\?([ims]+)\)")


def compiled(pattern: Property) -> re.Pattern[str]:
    """Return the expression in a text; UnjudgedError if it means something else in Python, or nothing."""
    try:
        return _compiled(pattern.text())
    except (re.error, ValueError, IndexError, RecursionError):  # IndexError: more groups are closed than opened
        raise UnjudgedError(f"{pattern.path} is no regular expression that this can read") from None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_scoped(pattern))


def _scoped(pattern: str) -> str:
    """Return `(?i)x` as `(?i:x)` wherever it begins a group: Python takes such flags at the start only.

    ValueError if flags stand in the middle of a group.
    """
    result: list[str] = []
    # For each open group, how many more parentheses have to be closed with it.
    extra = [0]
    position, begins, in_class = 0, True, False
    while position < len(pattern):
        flags = None if in_class else _FLAGS.match(pattern, position)
        if flags:
            if not begins:
                raise ValueError("flags in the middle of a group")
            result.append(f"(?{flags[1]}:")
            extra[-1] += 1
            position = flags.end()
            continue
        length, opens, closes, in_class = _token(pattern, position, in_class=in_class)
        if closes:
            result.append(")" * extra.pop())
        result.append(pattern[position : position + length])
        if opens:
            extra.append(0)
        begins = opens
        position += length
    return "".join(result) + ")" * extra[0]


def _token(pattern: str, position: int, *, in_class: bool) -> tuple[int, bool, bool, bool]:
    """Return a token's length, whether it opens or closes a group, and whether a class of characters goes on."""
    sign = pattern[position]
    if sign == "\\":
        return 2, False, False, in_class
    if in_class:
        return 1, False, False, sign != "]"
    if sign == "[":
        # A bracket that comes first in a class is a character of it.
        first = re.match(r"\[\^?\]?", pattern[position:])
        return (first.end() if first else 1), False, False, True
    if sign == "(":
        opening = re.match(r"\((?:\?(?:P?<\w+>|[ims]*:))?", pattern[position:])
        return (opening.end() if opening else 1), True, False, False
    return 1, False, sign == ")", False
