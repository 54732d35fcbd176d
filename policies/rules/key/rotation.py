"""Keys are rotated."""

from collections.abc import Iterator

from pydantic import Field

from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# KMS' default, and what it did before the period could be chosen.
_YEAR_DAYS = 365


class RotationBounds(Bounds):
    """How often."""

    max_days: int = Field(_YEAR_DAYS, description="The longest period of rotation in days; KMS allows 90 to 2560.")


def check(key: Resource, bounds: RotationBounds) -> Iterator[str]:
    """Yield a key that is rotated too seldom or never, and one that is turned off."""
    if not key["isEnabled"].flag(True):
        yield "The key is turned off, so nobody can read what it encrypts."
    if not key["enableKeyRotation"].flag(False):
        yield "enableKeyRotation is off."
    elif (days := key["rotationPeriodInDays"].number(_YEAR_DAYS)) > bounds.max_days:
        yield f"The key is rotated every {days:g} days; at most {bounds.max_days} are allowed."


RULE = ResourceRule(
    name="key-rotates",
    promise="KMS rotates the material of every key at least once a year.",
    severity=Severity.MEDIUM,
    to_do="Set enableKeyRotation to true; KMS keeps the former material for reading.",
    controls=("AWS FSBP KMS.4", "CIS AWS 6.0 4.6"),
    bounds=RotationBounds,
    types=("aws:kms/key:Key",),
    check=check,
)
