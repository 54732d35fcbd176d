"""A policy that is unknown at a preview is judged all the same."""

from collections.abc import Iterator

from policies.documents import BUCKET_POLICY, PERMISSIONS, registered
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.rules.bucket import closed, tls_only
from policies.rules.identity import no_wildcards


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each unknown policy whose component registers no document, or one that another rule would refuse.

    A known policy is judged by those rules; here it must be the document that was judged at the preview.
    """
    for policy in stack.of_type(BUCKET_POLICY, *PERMISSIONS):
        found = registered(stack, policy)
        if policy["policy"].is_unknown:
            if found is None:
                yield Violation(policy, "The policy is unknown, and its component registers no document for it.")
            else:
                yield from (Violation(policy, each) for each in _sentences(found.template.json(), policy))
        elif found is not None and not found.agrees_with(policy["policy"].text()):
            yield Violation(policy, "The policy is another than the document that its component registers.")


def _sentences(document: Property, policy: Resource) -> Iterator[str]:
    if policy.type == BUCKET_POLICY:
        yield from tls_only.check_document(document, policy)
        yield from closed.check_document(document, closed.ClosedBounds())
    else:
        yield from no_wildcards.check_document(document, no_wildcards.WildcardBounds())


RULE = StackRule(
    name="policies-are-known-at-preview",
    promise="A preview shows every policy of access, also one that names what does not exist yet.",
    severity=Severity.HIGH,
    to_do="Register the document, with ${output} for each unknown value, in the component's output `documents`, "
    "make the policy from it, and correct what it allows.",
    check=check,
)
