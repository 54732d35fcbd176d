"""Old versions are deleted in the end."""

from collections.abc import Iterator

from pydantic import Field

from policies import buckets
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class OldVersionBounds(Bounds):
    """For how long old versions stay."""

    min_days: int = Field(1, description="The shortest time, in days, in which a deleted object can be restored.")
    max_days: int = Field(30, description="The longest time, in days, for which a deletion may be delayed.")


def check(lifecycle: Resource, bounds: OldVersionBounds) -> Iterator[str]:
    """Yield a lifecycle that keeps old versions for ever, or for another time than the bounds allow.

    Also without versioning: a bucket where it is suspended may have old versions.
    """
    days = [
        rule["noncurrentVersionExpiration"]["noncurrentDays"].number()
        for rule in buckets.rules_of(lifecycle)
        if buckets.is_for_all(rule) and not rule["noncurrentVersionExpiration"].is_missing
    ]
    if not days:
        yield "No rule for the whole bucket deletes old versions, so deleted traces stay for ever."
    allowed = f"{bounds.min_days} to {bounds.max_days}"
    if days and not bounds.min_days <= min(days) <= bounds.max_days:
        yield f"Old versions are deleted after {min(days):g} days; {allowed} are allowed."


RULE = ResourceRule(
    name="bucket-deletes-old-versions",
    promise="Overwritten and deleted objects are gone for good after a bounded time.",
    severity=Severity.HIGH,
    to_do="Set object_store.noncurrent_expiry_days, which becomes noncurrentVersionExpiration of a rule with an "
    "empty prefix.",
    controls=("AWS FSBP S3.10", "AWS FSBP S3.13"),
    bounds=OldVersionBounds,
    types=buckets.LIFECYCLE,
    check=check,
)
