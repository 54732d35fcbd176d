"""Uploads are encrypted with the bucket's key or refused."""

from collections.abc import Iterator, Sequence

from policies import buckets
from policies.documents import document
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.statements import Statement, statements

_PUT = "s3:PutObject"
_ALGORITHM = "s3:x-amz-server-side-encryption"
_KEY_ID = f"{_ALGORITHM}-aws-kms-key-id"
_CUSTOMER = f"{_ALGORITHM}-customer-algorithm"
# Negated operators match a request without the header, too.
_NOT = ("StringNotEquals", "StringNotEqualsIfExists", "StringNotEqualsIgnoreCase", "StringNotLike")
_NOT_KEY = (*_NOT, "ArnNotEquals", "ArnNotEqualsIfExists", "ArnNotLike")


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield the policy of each bucket with a key that lets other uploads pass."""
    for bucket in buckets.data_buckets(stack):
        for encryption in buckets.guards(stack, bucket, buckets.ENCRYPTION):
            if _has_key(encryption):
                for policy in buckets.guards(stack, bucket, buckets.POLICY):
                    found = statements(document(stack, policy))
                    yield from (
                        Violation(policy, sentence)
                        for sentence in _open(found, bucket["bucket"].text(), encryption)
                    )


def _has_key(encryption: Resource) -> bool:
    return any(
        rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"].text("").startswith("aws:kms")
        for rule in encryption["rules"].items()
    )


def _open(found: Sequence[Statement], bucket: str, encryption: Resource) -> Iterator[str]:
    refusing = [each for each in found if each.denies_everybody(_PUT, f"{bucket}/")]
    algorithms = {
        rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"].text() for rule in encryption["rules"].items()
    }
    if not any(
        each.is_conditional_on(_NOT, _ALGORITHM, algorithm) for each in refusing for algorithm in algorithms
    ):
        yield f"No statement refuses uploads whose encryption is not {' or '.join(sorted(algorithms))}."
    if not any(_names_key(each, encryption) for each in refusing):
        yield "No statement refuses uploads with another key than the bucket's."
    if not any(each.is_conditional_on(("Null",), _CUSTOMER, "false") for each in refusing):
        yield "No statement refuses uploads with a key that the sender brings along."


def _names_key(statement: Statement, encryption: Resource) -> bool:
    """Return whether the statement's only condition is another key than the one that the bucket encrypts with."""
    conditions = statement.conditions()
    if len(conditions) != 1:
        return False
    ((operator, key, values),) = conditions
    return operator in _NOT_KEY and key == _KEY_ID and len(values) == 1 and _is_key(values[0], encryption)


def _is_key(named: str, encryption: Resource) -> bool:
    """Return whether a text is the bucket's key, or stands for one that does not exist yet."""
    keys = [rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] for rule in encryption["rules"].items()]
    return any(named.startswith("${") if key.is_unknown else named == key.text("") for key in keys)


RULE = StackRule(
    name="bucket-refuses-other-uploads",
    promise="A bucket with a key refuses uploads that are not encrypted with this key, whoever sends them.",
    severity=Severity.HIGH,
    to_do="Deny s3:PutObject on all objects to the principal *, in one statement each, with the only condition "
    f"StringNotEquals {_ALGORITHM}, StringNotEquals {_KEY_ID} with the bucket's key, and Null {_CUSTOMER} false.",
    check=check,
)
