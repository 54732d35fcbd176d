"""The deletion of a key can be undone for long enough."""

from collections.abc import Iterator

from pydantic import Field

from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# KMS' default and its maximum.
_MAX_DAYS = 30


class WindowBounds(Bounds):
    """For how long."""

    min_days: int = Field(
        7, description="The shortest time, in days, in which the deletion of a key can be undone."
    )


def check(key: Resource, bounds: WindowBounds) -> Iterator[str]:
    """Yield a key whose deletion is final too soon."""
    days = key["deletionWindowInDays"].number(_MAX_DAYS)
    if days < bounds.min_days:
        yield f"The deletion of the key is final after {days:g} days; at least {bounds.min_days} are required."


RULE = ResourceRule(
    name="key-deletion-can-be-undone",
    promise="People have time to notice that a key is being deleted, and to undo it.",
    severity=Severity.HIGH,
    to_do=f"Set object_store.aws.kms_deletion_window_days; KMS allows at most {_MAX_DAYS}.",
    controls=("AWS FSBP KMS.3",),
    bounds=WindowBounds,
    types=("aws:kms/key:Key",),
    check=check,
)
