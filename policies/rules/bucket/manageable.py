"""A bucket's policy locks nobody out for good."""

from collections.abc import Iterator

from policies.documents import known_documents
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.statements import Statement, covers, statements

# Whoever may do neither cannot repair the policy.
_REPAIRS = ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
# Every request over TLS meets it.
_ALWAYS = (("Bool", "aws:securetransport", ["true"]), ("BoolIfExists", "aws:securetransport", ["true"]))


def check(policy: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each statement after which only the account's root user can change the policy."""
    for document in known_documents(policy):
        yield from check_document(document, policy)


def check_document(document: Property, policy: Resource) -> Iterator[str]:
    """Yield each statement that refuses a repair of the policy to everybody.

    A statement with a condition, or one that leaves somebody out, leaves a way in.
    """
    bucket = policy["bucket"].text()
    for statement in statements(document):
        refused = [action for action in _REPAIRS if statement.denies(action)]
        if refused and _is_for_everybody(statement) and covers(statement.resources, bucket):
            yield f"{statement.name} refuses {' and '.join(refused)} to everybody, also in the bucket's account."


def _is_for_everybody(statement: Statement) -> bool:
    everybody = statement.body["NotPrincipal"].is_missing and ("AWS", "*") in statement.principals()
    return everybody and all(condition in _ALWAYS for condition in statement.conditions())


RULE = ResourceRule(
    name="bucket-stays-manageable",
    promise="No bucket's policy refuses everybody the change of that policy.",
    severity=Severity.HIGH,
    to_do="Give the statement the condition that it is meant for, as Bool aws:SecureTransport false, or list the "
    "actions on objects that it refuses.",
    types=("aws:s3/bucketPolicy:BucketPolicy",),
    check=check,
)
