"""Whoever writes a bucket may use its key."""

from collections.abc import Iterator

from policies import buckets
from policies.documents import PERMISSIONS, document
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.statements import Statement, allowed_actions, covers, statements
from policies.store_keys import StoreKey, key_of

# S3 decrypts a data key for each read, and requests one for each write, on behalf of the caller.
_NEEDED = ("kms:Decrypt", "kms:GenerateDataKey")


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each policy that allows objects of a bucket and not the bucket's key."""
    policies = {
        policy.urn: (policy, statements(document(stack, policy))) for policy in stack.of_type(*PERMISSIONS)
    }
    for bucket in buckets.data_buckets(stack):
        key = key_of(stack, bucket)
        if key is not None:
            for policy, found in policies.values():
                yield from _unusable(policy, found, f"{bucket['bucket'].text()}/", key)


def _unusable(policy: Resource, found: list[Statement], objects: str, key: StoreKey) -> Iterator[Violation]:
    allowing = [each for each in found if each.allows]
    if any(covers(each.resources, objects) for each in allowing):
        usable = [each for each in allowing if any(key.is_named(arn, policy) for arn in each.resources)]
        missing = [need for need in _NEEDED if not any(list(allowed_actions(each, [need])) for each in usable)]
        if missing:
            yield Violation(
                policy,
                f"The policy allows objects of {objects[:-1]} and not {' and '.join(missing)} with its key.",
            )


RULE = StackRule(
    name="key-is-usable-by-its-role",
    promise="A role that may use a bucket may use the key that encrypts it.",
    severity=Severity.HIGH,
    to_do="Allow kms:Decrypt and kms:GenerateDataKey with the key that the bucket's encryption names.",
    check=check,
)
