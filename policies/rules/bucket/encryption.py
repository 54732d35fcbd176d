"""Blocks are encrypted with a key of the stack's own."""

from collections.abc import Iterator

from pydantic import Field

from policies import buckets
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation

_KMS = ("aws:kms", "aws:kms:dsse")
_KEY = "aws:kms/key:Key"


class EncryptionBounds(Bounds):
    """Whose key encrypts."""

    own_key: bool = Field(True, description="Whether data is encrypted with a customer's key of KMS.")


def check(stack: Stack, bounds: EncryptionBounds) -> Iterator[Violation]:
    """Yield each bucket that says nothing of encryption, or names another than the bounds allow."""
    keys = {key.urn for key in stack.of_type(_KEY)}
    for bucket in stack.of_type(*buckets.BUCKET):
        own_key = bounds.own_key and not buckets.receives_logs(stack, bucket)
        found = buckets.guards(stack, bucket, buckets.ENCRYPTION)
        if not found:
            yield Violation(bucket, "No encryption is configured for this bucket.")
        for encryption in found:
            if not encryption["rules"].items():
                yield Violation(encryption, "The encryption has no rule, so it asks for nothing.")
            judge = _own_key(encryption, keys) if own_key else _of_s3(encryption, bounds)
            yield from (Violation(encryption, sentence) for sentence in judge)


def _own_key(encryption: Resource, keys: set[str]) -> Iterator[str]:
    for rule in encryption["rules"].items():
        default = rule["applyServerSideEncryptionByDefault"]
        algorithm = default["sseAlgorithm"].text("")
        if algorithm not in _KMS:
            yield f"The bucket encrypts by {algorithm or 'nothing'}; {_KMS[0]} with a customer's key is allowed."
        elif not _is_own(default["kmsMasterKeyId"], encryption, keys):
            yield "The bucket encrypts with the account's default key of KMS; a customer's key is required."
        elif not rule["bucketKeyEnabled"].flag(False):
            yield "bucketKeyEnabled is off, so S3 asks KMS for each object; it must be on."


def _is_own(key: Property, encryption: Resource, keys: set[str]) -> bool:
    """Return whether a key is named, and not AWS' own; an unknown one must come from a key of the stack."""
    if key.is_unknown:
        return not keys.isdisjoint(encryption.depends_on.get("rules", ()))
    return bool(key.text("")) and "alias/aws/" not in key.text()


def _of_s3(encryption: Resource, bounds: EncryptionBounds) -> Iterator[str]:
    for rule in encryption["rules"].items():
        algorithm = rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"].text("")
        if bounds.own_key and algorithm != "AES256":
            yield f"Access logs are encrypted by {algorithm or 'nothing'}; S3 delivers logs to AES256 only."
        elif not algorithm:
            yield "The rule names no sseAlgorithm."


RULE = StackRule(
    name="bucket-encrypts-with-own-key",
    promise="Every bucket of data encrypts with a customer's key of KMS and a bucket key.",
    severity=Severity.CRITICAL,
    to_do="Set sseAlgorithm to aws:kms, kmsMasterKeyId to a key of this stack, and bucketKeyEnabled "
    "(object_store.encryption: sse_kms); AES256 for access logs.",
    controls=("AWS FSBP S3.17",),
    bounds=EncryptionBounds,
    check=check,
)
