"""A role reaches the stack's own bucket and key, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence

from policies import buckets
from policies.documents import PERMISSIONS, ROLE, document
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.statements import bucket_part, is_wide, statements
from policies.store_keys import StoreKey, key_of

# Gives a role a policy whose text is somewhere else.
_ATTACHMENTS = ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/policyAttachment:PolicyAttachment")


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each policy that reaches further, and each that is not in the stack."""
    keys = {bucket["bucket"].text(): key_of(stack, bucket) for bucket in buckets.data_buckets(stack)}
    for policy in stack.of_type(*PERMISSIONS):
        yield from (Violation(policy, each) for each in _foreign(document(stack, policy), policy, keys))
    for role in stack.of_type(ROLE):
        for inline in role["inlinePolicies"].items():
            yield from (Violation(role, each) for each in _foreign(inline["policy"].json(), role, keys))
        for managed in role["managedPolicyArns"].items():
            if not managed.is_unknown:
                yield Violation(role, f"The role has the policy {managed.text()}, which is not in this stack.")
    own = {policy.urn for policy in stack.of_type(*PERMISSIONS)}
    for attachment in stack.of_type(*_ATTACHMENTS):
        if own.isdisjoint(attachment.depends_on.get("policyArn", ())):
            yield Violation(attachment, "The role gets a policy that is not in this stack.")


def _foreign(found: Property, policy: Resource, keys: Mapping[str, StoreKey | None]) -> Iterator[str]:
    allowed: Sequence[StoreKey] = [key for key in keys.values() if key is not None]
    for statement in statements(found):
        for resource in statement.resources if statement.allows else ():
            own_bucket = ":s3:::" in resource and bucket_part(resource).partition("/")[0] in keys
            # A wildcard is the matter of another rule.
            if (
                not own_bucket
                and not is_wide(resource)
                and not any(key.is_named(resource, policy) for key in allowed)
            ):
                yield f"{statement.name} allows {resource}, which is not of this stack."


RULE = StackRule(
    name="role-reaches-own-store-only",
    promise="A role's policies name the stack's own buckets of data and their keys, and nothing else.",
    severity=Severity.HIGH,
    to_do="Name the bucket that the stack creates and the key that encrypts it.",
    controls=("AWS FSBP KMS.1", "AWS FSBP KMS.2"),
    check=check,
)
