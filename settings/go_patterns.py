"""Regular expressions that Go's RE2 and Python's `re` read alike, and that Go finds fast.

Python compiles what it can, which is more than RE2 takes: assertions and back references. So only a part of the
syntax is allowed, all of which both have.
"""

import re
from collections.abc import Iterator, Sequence

MAX_LENGTH = 200
# Go looks for the literal beginning of an expression first, and runs the rest only there. In a text of 100
# characters one with a prefix takes 60 ns, one without 1 to 3 µs.
MIN_PREFIX = 3
# RE2 writes a repeated part that many times into its program.
_MAX_REPETITIONS = 64
_CLASS = r"\[\^?(?:[^\[\]\\&|~]|\\[dDwWsSnrt\\\]\[^.*+?(){}|$/-])+\]"
_TOKEN = re.compile(
    rf"(?P<literal>[A-Za-z0-9 _/:;=@,<>\"'&%#!~`-]|\\[.*+?(){{}}|\[\]\\^$/-])"
    rf"|(?P<one>\.|\\[dDwWsSnrt]|{_CLASS})"
    r"|(?P<border>\\b|\$)"
    r"|(?P<open>\((?:\?:)?(?![?*+{]))"
    r"|(?P<close>\))"
    r"|(?P<or>\|)"
    r"|(?P<times>[*+?]|\{(?P<least>[0-9]{1,4})(?:,(?P<most>[0-9]{0,4}))?\})\??"
)


def fault(pattern: str) -> str | None:
    """Return what is wrong with an expression, as the end of a sentence; None if nothing is."""
    return next(_faults(pattern), None)


def _faults(pattern: str) -> Iterator[str]:
    """Yield what is wrong; after the first fault the rest has no meaning."""
    if len(pattern) > MAX_LENGTH:
        yield f"is longer than {MAX_LENGTH} characters"
    kinds: list[str] = []
    position = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            yield f"has a part that is not allowed at character {position + 1}"
            return
        kind = str(token.lastgroup) if token["times"] is None else "times"
        yield from _faults_of_a_part(kind, token, kinds)
        kinds.append(kind)
        position = token.end()
    yield from _faults_of_the_whole(pattern, kinds)


def _faults_of_a_part(kind: str, token: re.Match[str], before: Sequence[str]) -> Iterator[str]:
    at = f"at character {token.start() + 1}"
    depth = before.count("open") - before.count("close")
    if kind == "times" and (not before or before[-1] in {"times", "open", "or", "border"}):
        yield f"repeats nothing {at}"
    if max(int(token["least"] or 0), int(token["most"] or 0)) > _MAX_REPETITIONS:
        yield f"repeats a part more than {_MAX_REPETITIONS} times {at}"
    if kind == "close" and depth == 0:
        yield f"closes a group that is not open {at}"
    if kind == "or" and depth == 0:
        yield "has alternatives outside of a group, so it has no literal beginning"


def _faults_of_the_whole(pattern: str, kinds: Sequence[str]) -> Iterator[str]:
    if kinds.count("open") > kinds.count("close"):
        yield "leaves a group open"
    prefix = next((number for number, kind in enumerate(kinds) if kind != "literal"), len(kinds))
    # A repeated character is no part of the literal beginning.
    if prefix < len(kinds) and kinds[prefix] == "times":
        prefix -= 1
    if prefix < MIN_PREFIX:
        yield f"begins with {max(prefix, 0)} literal characters"
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"does not compile: {error}"
