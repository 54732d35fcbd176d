"""A role serves one service account."""

from collections.abc import Iterator

from policies.documents import ROLE
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.statements import statements
from policies.trust import trusted


def check(role: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each statement that lets others assume the role, and a second service account."""
    accounts = set()
    for statement in statements(role["assumeRolePolicy"].json()):
        for one in trusted(statement) if statement.allows else ():
            if one.wrong:
                yield f"{statement.name} {one.wrong}."
            else:
                accounts.add((one.namespace, one.service_account))
    if len(accounts) > 1:
        yield f"The role trusts {len(accounts)} service accounts; one is allowed."


RULE = ResourceRule(
    name="role-trusts-one-service-account",
    promise="Only Pods of one service account of one cluster can assume a role.",
    severity=Severity.CRITICAL,
    to_do="Bind namespace, service account and cluster (for IRSA sub and aud) by StringEquals to one value each.",
    controls=("CIS EKS 1.8 5.2.1",),
    types=(ROLE,),
    check=check,
)
