"""Tempo names the key with which its uploads are encrypted."""

import re
from collections.abc import Iterator

from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.tempo_config import store_of
from policies.tempos import Tempo, tempos

_BUCKET = "aws:s3/bucket:Bucket"
_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each Tempo that uploads to a bucket with a KMS key without naming that key."""
    for tempo in tempos(stack):
        for encryption in _encryptions(stack, tempo):
            for rule in encryption["rules"].items():
                default = rule["applyServerSideEncryptionByDefault"]
                if default["sseAlgorithm"].text("").startswith("aws:kms"):
                    yield from _unnamed(tempo, encryption, default["kmsMasterKeyId"])


def _encryptions(stack: Stack, tempo: Tempo) -> Iterator[Resource]:
    """Yield the encryption of the bucket that a Tempo stores in."""
    name = store_of(tempo.document)["bucket"].text("")
    for bucket in stack.of_type(_BUCKET):
        if bucket["bucket"].value == name:
            yield from stack.pointing_to(bucket, _ENCRYPTION, "bucket", same="bucket")


def _unnamed(tempo: Tempo, encryption: Resource, key: Property) -> Iterator[Violation]:
    sse = store_of(tempo.document)["sse"]
    kind, named = sse["type"].text(""), sse["kms_key_id"].text("")
    if kind != "SSE-KMS" or not named:
        missing = "kms_key_id" if kind == "SSE-KMS" else "SSE-KMS"
        yield Violation(tempo.config_map, f"The store in {tempo.file.name} names no {missing} in sse.")
    elif not _VARIABLE.search(named):
        if not key.is_unknown and key.text("") != named:
            yield Violation(tempo.config_map, f"The store in {tempo.file.name} names another key than its bucket.")
    else:
        for process in tempo.processes:
            if not process.container["envFrom"].items() and not _set(process.container, named):
                yield Violation(
                    process.workload, f"Its Pods lack the variable with the key that {named} stands for."
                )
            elif not _of_key(process.workload, encryption):
                yield Violation(process.workload, "Its Pods get another key than the bucket's.")


def _set(container: Property, reference: str) -> bool:
    names = {variable["name"].text("") for variable in container["env"].items()}
    return set(_VARIABLE.findall(reference)) <= names


def _of_key(workload: Resource, encryption: Resource) -> bool:
    """Return whether what a workload gets was computed from the bucket's key, if that comes from the stack."""
    keys = set(encryption.depends_on.get("rules", ()))
    return not keys or bool(keys & set(workload.depends_on.get("spec", ())))


RULE = StackRule(
    name="tempo-names-the-buckets-key",
    promise="Tempo encrypts each upload with the KMS key of its bucket.",
    severity=Severity.CRITICAL,
    to_do="Set storage.trace.s3.sse.type to SSE-KMS and kms_key_id to the bucket's key "
    "(object_store.encryption: sse_kms does both).",
    controls=("AWS FSBP S3.17",),
    check=check,
)
