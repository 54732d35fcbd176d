"""No role reads Secrets."""

from collections.abc import Iterator

from policies.resources import Resource
from policies.roles import ROLES, grants, is_cluster_wide
from policies.rule import Bounds, ResourceRule, Severity


def check(role: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each rule about Secrets, in one namespace only those that name none."""
    for index, rule in enumerate(role["rules"].items()):
        if not grants(rule, "", "secrets"):
            continue
        if is_cluster_wide(role):
            yield f"Rule {index} grants access to Secrets of all namespaces."
        elif not rule["resourceNames"].items():
            yield f"Rule {index} grants access to all Secrets of the namespace."


RULE = ResourceRule(
    name="roles-read-no-secrets",
    promise="No workload of this stack can read Secrets that were not given to it.",
    severity=Severity.CRITICAL,
    to_do="Mount the Secret into the Pod that needs it, or name it in resourceNames of a Role.",
    controls=("CIS Kubernetes 1.12 5.1.2", "CIS EKS 1.8 4.1.2"),
    types=ROLES,
    check=check,
)
