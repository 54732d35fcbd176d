"""The service account that gets a role exists."""

from collections.abc import Iterator

from policies.documents import ROLE
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.statements import statements
from policies.trust import trusted

_ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_ACCOUNT = "kubernetes:core/v1:ServiceAccount"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each role and association for a service account that the stack does not create."""
    there = {(one["metadata"]["namespace"].text("default"), _name(one)) for one in stack.of_type(_ACCOUNT)}
    for resource, namespace, account in _named(stack):
        if (namespace, account) not in there:
            yield Violation(resource, f"The stack has no service account {account} in the namespace {namespace}.")


def _name(account: Resource) -> str:
    """Return its name; '' for a generated one that is unknown, which nothing can name."""
    name = account["metadata"]["name"]
    return "" if name.is_unknown else name.text("")


def _named(stack: Stack) -> Iterator[tuple[Resource, str, str]]:
    for association in stack.of_type(_ASSOCIATION):
        yield association, association["namespace"].text(), association["serviceAccount"].text()
    for role in stack.of_type(ROLE):
        for statement in statements(role["assumeRolePolicy"].json()):
            for one in trusted(statement) if statement.allows else ():
                if not one.wrong:
                    yield role, one.namespace, one.service_account


RULE = StackRule(
    name="role-has-its-service-account",
    promise="Every role, and every association of EKS, is for a service account that the stack creates.",
    severity=Severity.HIGH,
    to_do="Name the namespace and the service account of the Pods that use the role.",
    check=check,
)
