"""Containers run as an unprivileged user."""

from collections.abc import Iterator

from pydantic import Field

from policies.pods import WORKLOADS, containers, name_of, security
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class UserBounds(Bounds):
    """Which ids are unprivileged."""

    min_id: int = Field(
        10_000, ge=1, description="Lowest user and group id; a lower one may belong to an account of the node."
    )


def check(workload: Resource, bounds: UserBounds) -> Iterator[str]:
    """Yield each container that may run as root, or as a user or a group below the lowest id."""
    for container in containers(workload):
        if not security(workload, container, "runAsNonRoot").flag(False):
            yield f"{name_of(container)} may run as root."
        for field, what in (("runAsUser", "user"), ("runAsGroup", "group")):
            found = security(workload, container, field)
            if found.is_missing:
                yield f"{name_of(container)} names no {what}, so its image chooses."
            elif found.number() < bounds.min_id:
                yield f"{name_of(container)} runs as {what} {found.number():.0f}; the lowest is {bounds.min_id}."


RULE = ResourceRule(
    name="pods-run-as-non-root",
    promise="Every container runs as a user and a group that have no rights on the node.",
    severity=Severity.HIGH,
    to_do="Set runAsNonRoot, runAsUser and runAsGroup in the Pod's securityContext, and remove other values.",
    controls=("CIS Kubernetes 1.12 5.2.7", "NSA C-0013"),
    bounds=UserBounds,
    types=WORKLOADS,
    check=check,
)
