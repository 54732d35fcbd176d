"""Roles may do what is listed, to what is listed."""

from collections.abc import Iterator

from pydantic import Field

from policies.documents import PERMISSIONS, ROLE, known_documents
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.statements import Statement, has_wildcard, is_wide, statements


class WildcardBounds(Bounds):
    """Where IAM leaves no choice."""

    account_wide_actions: list[str] = Field(
        [], description="Actions that a policy may allow on the resource *, because IAM knows no narrower one."
    )


def check(resource: Resource, bounds: WildcardBounds) -> Iterator[str]:
    """Yield each statement that allows more than it lists."""
    for document in known_documents(resource):
        yield from check_document(document, bounds)


def check_document(document: Property, bounds: WildcardBounds) -> Iterator[str]:
    """Yield each action and resource with a wildcard, unless it stands for objects of one bucket."""
    for statement in statements(document):
        if statement.allows:
            name = statement.name
            yield from (
                f"{name} allows the action {action}." for action in statement.actions if has_wildcard(action)
            )
            yield from (f"{name} allows the resource {wide}." for wide in _wide_resources(statement, bounds))


def _wide_resources(statement: Statement, bounds: WildcardBounds) -> Iterator[str]:
    if statement.body["NotAction"].is_missing and set(statement.actions) <= set(bounds.account_wide_actions):
        return
    yield from (each for each in statement.resources if is_wide(each))


RULE = ResourceRule(
    name="role-allows-no-wildcards",
    promise="A role's policies list each action, and each resource down to the bucket.",
    severity=Severity.CRITICAL,
    to_do="List the actions and the ARNs that the role needs.",
    controls=("AWS FSBP IAM.1", "AWS FSBP IAM.21", "CIS AWS 6.0 2.15", "NSA C-0035"),
    bounds=WildcardBounds,
    types=(*PERMISSIONS, ROLE),
    check=check,
)
