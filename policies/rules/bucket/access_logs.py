"""Every request to a bucket of data is logged."""

from collections.abc import Iterator

from policies import buckets
from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each bucket without access logs, and each that keeps its own."""
    for bucket in buckets.data_buckets(stack):
        found = buckets.guards(stack, bucket, buckets.LOGGING)
        if not found:
            yield Violation(bucket, "Nobody logs the requests to this bucket.")
        for logging in found:
            if buckets.names(logging, "targetBucket", bucket):
                yield Violation(logging, "The bucket keeps its own access logs, and each of them causes another.")


RULE = StackRule(
    name="bucket-logs-requests",
    promise="Every request to a bucket of data is logged to another bucket.",
    severity=Severity.MEDIUM,
    to_do="Add a BucketLogging with a targetBucket that is a bucket for logs alone.",
    controls=("AWS FSBP S3.9",),
    check=check,
)
