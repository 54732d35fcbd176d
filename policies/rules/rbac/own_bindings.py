"""Bindings give roles of this stack to accounts of this stack."""

from collections.abc import Iterator

from policies.objects import kind, name, namespace
from policies.property import Property
from policies.resources import Resource, Stack
from policies.roles import BINDINGS, ROLES
from policies.rule import Bounds, Severity, StackRule, Violation

_ACCOUNT = "kubernetes:core/v1:ServiceAccount"


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each binding of a role, or to a subject, that the stack does not have."""
    accounts = {(name(each), namespace(each)) for each in stack.of_type(_ACCOUNT)}
    roles = {(kind(each), name(each)) for each in stack.of_type(*ROLES)}
    for binding in stack.of_type(*BINDINGS):
        role = binding["roleRef"]
        if (role["kind"].text(), role["name"].text()) not in roles:
            yield Violation(
                binding, f"The binding grants the {role['kind'].text()} {role['name'].text()}, which is not ours."
            )
        for subject in binding["subjects"].items():
            if not _is_one_of(subject, accounts, binding):
                yield Violation(
                    binding,
                    f"The binding names the {subject['kind'].text()} {subject['name'].text()}, which is no "
                    "ServiceAccount of this stack.",
                )


def _is_one_of(subject: Property, accounts: set[tuple[str, str]], binding: Resource) -> bool:
    where = subject["namespace"].text(namespace(binding))
    return subject["kind"].text() == "ServiceAccount" and (subject["name"].text(), where) in accounts


RULE = StackRule(
    name="bindings-stay-in-the-stack",
    promise="Only accounts of this stack get roles, and only those that this stack defines.",
    severity=Severity.CRITICAL,
    to_do="Define a role with what is needed, and bind it to the workload's own account.",
    controls=("CIS Kubernetes 1.12 5.1.1", "CIS EKS 1.8 4.1.1"),
    check=check,
)
