"""Access to a bucket depends on policies alone."""

from collections.abc import Iterator

from policies import buckets
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_ACLS = buckets.s3_types("Acl")
_ENFORCED = "BucketOwnerEnforced"


def check(resource: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield an access control list, and an ownership that allows one."""
    if resource.type in _ACLS:
        yield "This is an access control list of a bucket."
    elif resource.type in buckets.BUCKET:
        if (acl := resource["acl"].text("private")) != "private":
            yield f"The bucket's acl is {acl}; it must have none."
    elif (found := resource["rule"]["objectOwnership"].text("")) != _ENFORCED:
        yield f"objectOwnership is {found or 'missing'}; {_ENFORCED} is allowed."


RULE = ResourceRule(
    name="bucket-uses-no-acls",
    promise="The bucket's owner owns every object, and no access control list gives access.",
    severity=Severity.HIGH,
    to_do="Set objectOwnership to BucketOwnerEnforced, and give access by policies.",
    controls=("AWS FSBP S3.12",),
    types=(*buckets.OWNERSHIP, *_ACLS, *buckets.BUCKET),
    check=check,
)
