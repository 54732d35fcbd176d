"""Processes cannot gain privileges."""

from collections.abc import Iterator

from policies.pods import WORKLOADS, containers, name_of
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


def check(workload: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each container that may gain privileges; Kubernetes allows it unless told otherwise."""
    for container in containers(workload):
        if container["securityContext"]["allowPrivilegeEscalation"].flag(True):
            yield f"{name_of(container)} may gain privileges."


RULE = ResourceRule(
    name="pods-forbid-privilege-escalation",
    promise="No process of a Pod gains more privileges than it was started with.",
    severity=Severity.HIGH,
    to_do="Set securityContext.allowPrivilegeEscalation to false.",
    controls=("CIS Kubernetes 1.12 5.2.6", "NSA C-0016"),
    types=WORKLOADS,
    check=check,
)
