"""People recognise a key."""

from collections.abc import Iterator

from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation

_KEY, _ALIAS = "aws:kms/key:Key", "aws:kms/alias:Alias"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each key without an alias."""
    for key in stack.of_type(_KEY):
        if not any(_names(alias, key) for alias in stack.of_type(_ALIAS)):
            yield Violation(key, "The key has no alias, and its id says nothing of what it encrypts.")


def _names(alias: Resource, key: Resource) -> bool:
    return key.urn in alias.depends_on.get("targetKeyId", ())


RULE = StackRule(
    name="key-has-alias",
    promise="Every key has an alias, so that nobody deletes one by mistake.",
    severity=Severity.LOW,
    to_do="Add an Alias whose target is this key.",
    check=check,
)
