"""Pods run under a service account of their own."""

from collections.abc import Iterator

from policies.pods import WORKLOADS, pod_spec
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


def check(workload: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield a workload under the account that all Pods of a namespace share."""
    if pod_spec(workload)["serviceAccountName"].text("default") == "default":
        yield "The Pod runs under the namespace's default service account, whose rights others share."


RULE = ResourceRule(
    name="pods-have-own-account",
    promise="Rights that are granted to one workload are not those of another.",
    severity=Severity.MEDIUM,
    to_do="Create a ServiceAccount, and name it in serviceAccountName.",
    controls=("CIS Kubernetes 1.12 5.1.5", "CIS EKS 1.8 5.2.1"),
    types=WORKLOADS,
    check=check,
)
