"""The key that encrypts a bucket, recognised where policies name it."""

from collections.abc import Sequence
from dataclasses import dataclass

from policies import buckets
from policies.property import Property
from policies.resources import Resource, Stack

_KEY = "aws:kms/key:Key"


@dataclass(frozen=True)
class StoreKey:
    """A bucket's key: the properties that name it, unknown until it exists, and its URN in the stack."""

    named: Sequence[Property]
    urns: frozenset[str]

    def is_named(self, text: str, policy: Resource) -> bool:
        """Return whether a text of a policy names the key.

        A text that stands for a value that is not known yet names it if the policy was computed from the key.
        """
        if text.startswith("${"):
            return not self.urns.isdisjoint(policy.depends_on.get("policy", ()))
        return any(not each.is_unknown and each.text("") == text for each in self.named)


def key_of(stack: Stack, bucket: Resource) -> StoreKey | None:
    """Return the key of KMS that encrypts a bucket, None if none does."""
    encryptions = buckets.guards(stack, bucket, buckets.ENCRYPTION)
    defaults = [
        rule["applyServerSideEncryptionByDefault"] for each in encryptions for rule in each["rules"].items()
    ]
    named = [each["kmsMasterKeyId"] for each in defaults if each["sseAlgorithm"].text("").startswith("aws:kms")]
    known = {key.urn for key in stack.of_type(_KEY)}
    urns = {urn for each in encryptions for urn in each.depends_on.get("rules", ()) if urn in known}
    return StoreKey(named, frozenset(urns)) if named else None
