"""A deleted block can be brought back."""

from collections.abc import Iterator

from pydantic import Field

from policies import buckets
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class VersionBounds(Bounds):
    """Whether versions are kept."""

    versioning: bool = Field(True, description="Whether buckets keep overwritten and deleted objects.")


def check(resource: Resource, bounds: VersionBounds) -> Iterator[str]:
    """Yield a bucket whose versioning is not that of the bounds."""
    status = resource["versioningConfiguration"]["status"].text("")
    wanted = ("Enabled",) if bounds.versioning else ("Suspended", "Disabled")
    if status not in wanted:
        yield f"The status of versioning is {status or 'missing'}; {' or '.join(wanted)} is allowed."


RULE = ResourceRule(
    name="bucket-keeps-versions",
    promise="Buckets keep overwritten and deleted objects for a while, so that a mistake can be undone.",
    severity=Severity.HIGH,
    to_do="Set object_store.versioning, which is the status of the BucketVersioning.",
    controls=("AWS FSBP S3.14",),
    bounds=VersionBounds,
    types=buckets.VERSIONING,
    check=check,
)
