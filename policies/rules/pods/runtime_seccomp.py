"""A seccomp profile filters the system calls of containers."""

from collections.abc import Iterator

from policies.pods import WORKLOADS, containers, name_of, security
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# What the restricted profile of the Pod Security Standards allows.
_ALLOWED = ("RuntimeDefault", "Localhost")


def check(workload: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each container whose system calls are not filtered."""
    for container in containers(workload):
        profile = security(workload, container, "seccompProfile")["type"]
        if profile.is_missing:
            yield f"{name_of(container)} has no seccomp profile; {' or '.join(_ALLOWED)} is allowed."
        elif profile.text() not in _ALLOWED:
            got = profile.text()
            yield f"{name_of(container)} has the seccomp profile {got}; {' or '.join(_ALLOWED)} is allowed."


RULE = ResourceRule(
    name="pods-filter-system-calls",
    promise="A seccomp profile filters the system calls of every container.",
    severity=Severity.MEDIUM,
    to_do="Set securityContext.seccompProfile.type of the Pod to RuntimeDefault.",
    controls=("CIS Kubernetes 1.12 5.6.2", "NSA C-0055"),
    types=WORKLOADS,
    check=check,
)
