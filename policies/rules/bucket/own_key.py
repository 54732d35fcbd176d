"""The trace bucket is encrypted with a key of its own."""

from collections.abc import Iterator

from policies.resources import Stack
from policies.rule import Bounds, Severity, StackRule, Violation

_BUCKET = "aws:s3/bucket:Bucket"
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each bucket that names no encryption."""
    for bucket in stack.of_type(_BUCKET):
        if not list(stack.pointing_to(bucket, _ENCRYPTION, "bucket", same="bucket")):
            yield Violation(bucket, "No encryption is configured for this bucket.")


RULE = StackRule(
    name="bucket-has-encryption",
    promise="Every bucket says how it encrypts.",
    severity=Severity.CRITICAL,
    to_do="Add a BucketServerSideEncryptionConfiguration.",
    controls=("AWS FSBP S3.17",),
    check=check,
)
