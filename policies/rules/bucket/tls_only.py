"""Buckets refuse plain HTTP."""

from collections.abc import Iterator, Sequence

from policies.documents import known_documents
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.statements import Statement, statements

_BOOL = ("Bool", "BoolIfExists")


def check(policy: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield what a bucket's policy leaves open to plain HTTP."""
    for document in known_documents(policy):
        yield from check_document(document, policy)


def check_document(document: Property, policy: Resource) -> Iterator[str]:
    """Yield the parts of the bucket for which the document does not refuse plain HTTP from everybody.

    A statement with a further condition, or one that leaves somebody out, refuses less and does not count.
    """
    bucket = policy["bucket"].text()
    found = statements(document)
    for part, target in (("the bucket itself", bucket), ("its objects", f"{bucket}/")):
        if not _refused(found, target):
            yield f"No statement refuses plain HTTP to {part} from everybody and for every action."


def _refused(found: Sequence[Statement], target: str) -> bool:
    return any(
        # An action that no service has: only a statement on all of them matches it.
        each.denies_everybody("s3:\x00", target) and each.is_conditional_on(_BOOL, "aws:SecureTransport", "false")
        for each in found
    )


RULE = ResourceRule(
    name="bucket-refuses-plain-http",
    promise="Buckets refuse every request without TLS.",
    severity=Severity.HIGH,
    to_do="Deny s3:* on the bucket's ARN and on all of its objects to the principal * with the only condition "
    "Bool aws:SecureTransport false.",
    controls=("AWS FSBP S3.5", "CIS AWS 6.0 3.1.1"),
    types=("aws:s3/bucketPolicy:BucketPolicy",),
    check=check,
)
