"""Every bucket has the resources that guard it."""

from collections.abc import Iterator

from policies import buckets
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation

# What each guard is for; the other rules judge what it says. Access logs have a rule of their own, and so has
# encryption.
_GUARDS = {
    "BucketPublicAccessBlock": buckets.PUBLIC_ACCESS,
    "BucketOwnershipControls": buckets.OWNERSHIP,
    "BucketPolicy": buckets.POLICY,
    "BucketVersioning": buckets.VERSIONING,
    "BucketLifecycleConfiguration": buckets.LIFECYCLE,
}


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each bucket that lacks a guard; settings inside the bucket's own resource are not read."""
    for bucket in stack.of_type(*buckets.BUCKET):
        for name, types in _GUARDS.items():
            if not buckets.guards(stack, bucket, types):
                yield Violation(bucket, f"This bucket has no {name}.")


RULE = StackRule(
    name="bucket-has-every-guard",
    promise="Every bucket has its public access block, ownership, policy, versioning and lifecycle.",
    severity=Severity.CRITICAL,
    to_do="Add that resource for this bucket, as components/storage/buckets.py does.",
    controls=("AWS FSBP S3.8", "AWS FSBP S3.10", "AWS FSBP S3.12", "AWS FSBP S3.13", "CIS AWS 6.0 3.1.4"),
    check=check,
)
