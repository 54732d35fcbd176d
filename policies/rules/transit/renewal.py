"""Certificates end, and are replaced in time by one with a new key."""

from collections.abc import Iterator

from pydantic import Field

from policies.certificates import CERTIFICATE
from policies.objects import name
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.units import seconds

_DAY = 86_400


class Lifetimes(Bounds):
    """How long a certificate may be valid."""

    max_days: int = Field(90, description="The longest that a certificate may be valid.")
    min_days_left: int = Field(7, description="The least time between a renewal and the end of the old one.")
    long_lived: tuple[str, ...] = Field((), description="Name of each Certificate that may be valid for longer.")


def check(certificate: Resource, bounds: Lifetimes) -> Iterator[str]:
    """Yield a sentence for a key that stays, a lifetime that is too long, and a renewal that is too late."""
    spec = certificate["spec"]
    if (policy := spec["privateKey"]["rotationPolicy"].text("")) != "Always":
        yield f"privateKey.rotationPolicy is {policy or 'not set'}; allowed: Always."
    days = seconds(spec["duration"]) / _DAY
    if days > bounds.max_days and name(certificate) not in bounds.long_lived:
        yield f"It is valid for {days:g} days; allowed: {bounds.max_days}."
    left = seconds(spec["renewBefore"]) / _DAY
    if not bounds.min_days_left <= left < days:
        yield f"It is renewed {left:g} days before its end; allowed: {bounds.min_days_left} to its {days:g} days."


RULE = ResourceRule(
    name="certificates-are-renewed",
    promise="A certificate is replaced, with a new key, well before its end, and a stolen key is soon of no use.",
    severity=Severity.HIGH,
    to_do="Set rotationPolicy to Always, and duration and renewBefore within the bounds.",
    bounds=Lifetimes,
    types=(CERTIFICATE,),
    check=check,
)
