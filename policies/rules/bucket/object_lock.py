"""Tempo can delete what it has compacted."""

from collections.abc import Iterator

from policies import buckets
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_LOCKS = buckets.s3_types("ObjectLockConfiguration")


def check(resource: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield a lock, and a bucket made for locks; a lock cannot be removed from a bucket later."""
    if resource.type in _LOCKS:
        yield "This locks the objects of a bucket."
    elif _is_locked(resource):
        yield "The bucket is created with Object Lock."


def _is_locked(bucket: Resource) -> bool:
    return bucket["objectLockEnabled"].flag(False) or not bucket["objectLockConfiguration"].is_missing


RULE = ResourceRule(
    name="bucket-has-no-object-lock",
    promise="No bucket locks its objects, so that Tempo can delete what it has compacted.",
    severity=Severity.HIGH,
    to_do="Remove the lock; versions protect against mistakes.",
    types=(*buckets.BUCKET, *_LOCKS),
    check=check,
)
