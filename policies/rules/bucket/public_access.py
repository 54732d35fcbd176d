"""No bucket is public."""

from collections.abc import Iterator

from policies import buckets
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def check(block: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each of the four switches that is off; S3's default is off."""
    for switch in _SWITCHES:
        if not block[switch].flag(False):
            yield f"{switch} is off; all four switches must be on."


RULE = ResourceRule(
    name="bucket-blocks-public-access",
    promise="No access control list and no policy can make a bucket public.",
    severity=Severity.CRITICAL,
    to_do="Set it to true.",
    controls=("AWS FSBP S3.2", "AWS FSBP S3.3", "AWS FSBP S3.8", "CIS AWS 6.0 3.1.4"),
    types=buckets.PUBLIC_ACCESS,
    check=check,
)
