"""A policy that is unknown at a preview is judged all the same."""

from collections.abc import Iterable, Iterator
from typing import Any

from policies.documents import BUCKET_POLICY, PERMISSIONS, registered
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import ResourceRule, Severity, StackRule, Violation
from policies.rules.bucket import closed, manageable, tls_only
from policies.rules.identity import no_wildcards


class DocumentBounds(closed.ClosedBounds, no_wildcards.WildcardBounds):
    """The bounds of the rules that judge known policies; set both alike."""


def check(stack: Stack, bounds: DocumentBounds) -> Iterator[Violation]:
    """Yield each unknown policy whose component registers no document, or one that another rule would refuse.

    A known policy is judged by those rules; here it must be the document that was judged at the preview.
    """
    for policy in stack.of_type(BUCKET_POLICY, *PERMISSIONS):
        found = registered(stack, policy)
        if policy["policy"].is_unknown:
            if found is None:
                yield Violation(policy, "The policy is unknown, and its component registers no document for it.")
            else:
                yield from (Violation(policy, each) for each in _sentences(found.template.json(), policy, bounds))
        elif found is not None and not found.agrees_with(policy["policy"]):
            yield Violation(policy, "The policy is another than the document that its component registers.")


def _sentences(document: Property, policy: Resource, bounds: DocumentBounds) -> Iterator[str]:
    """Yield what the rules for known policies say of a document, and what each of them says to do."""
    found: dict[ResourceRule[Any], Iterable[str]]
    if policy.type == BUCKET_POLICY:
        plain_http, opened = tls_only.check_document(document, policy), closed.check_document(document, bounds)
        locked = manageable.check_document(document, policy)
        found = {tls_only.RULE: plain_http, closed.RULE: opened, manageable.RULE: locked}
    else:
        found = {no_wildcards.RULE: no_wildcards.check_document(document, bounds)}
    for rule, sentences in found.items():
        yield from (f"{sentence} {rule.to_do} (rule {rule.name})" for sentence in sentences)


RULE = StackRule(
    name="policies-are-known-at-preview",
    promise="A preview shows every policy of access, also one that names what does not exist yet.",
    severity=Severity.HIGH,
    to_do="A component registers the document of an unknown policy as its output `documents`, with ${output} for "
    "each unknown value, and makes the policy from it.",
    bounds=DocumentBounds,
    check=check,
)
