"""Generated secrets are secret in the stack's state, too."""

from collections.abc import Iterator

from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.secrets import is_secret_name

# Their results are plain text in the state and in every diff; RandomPassword's and RandomBytes' are not.
_PLAIN = ("Id", "Integer", "Pet", "Shuffle", "String", "Uuid")


def check(resource: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each resource that generates a secret, by its name, and shows it to everybody."""
    if is_secret_name(resource.name):
        kind = resource.type.rpartition(":")[2]
        yield f"A {kind} generates this secret, and the stack's state holds it in plain text."


RULE = ResourceRule(
    name="secrets-are-generated-as-secrets",
    promise="What generates a secret keeps it secret in the stack's state.",
    severity=Severity.HIGH,
    to_do="Generate it by RandomPassword or RandomBytes.",
    controls=("NSA C-0012",),
    types=[f"random:index/random{kind}:Random{kind}" for kind in _PLAIN],
    check=check,
)
