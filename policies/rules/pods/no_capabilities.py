"""Containers have no Linux capabilities."""

from collections.abc import Iterator

from pydantic import Field

from policies.pods import WORKLOADS, containers, name_of
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class CapabilityBounds(Bounds):
    """Which capabilities a container may have."""

    allowed: tuple[str, ...] = Field(
        (), description="Capabilities that may be added; the restricted profile allows only NET_BIND_SERVICE."
    )


def check(workload: Resource, bounds: CapabilityBounds) -> Iterator[str]:
    """Yield each container that keeps the runtime's capabilities or adds others."""
    for container in containers(workload):
        capabilities = container["securityContext"]["capabilities"]
        if "ALL" not in capabilities["drop"].texts():
            yield f"{name_of(container)} does not drop all capabilities."
        if added := sorted({*capabilities["add"].texts()} - {*bounds.allowed}):
            allowed = ", ".join(bounds.allowed) or "none"
            yield f"{name_of(container)} adds the capabilities {', '.join(added)}; allowed: {allowed}."


RULE = ResourceRule(
    name="pods-drop-all-capabilities",
    promise="No container has a Linux capability.",
    severity=Severity.HIGH,
    to_do="Set securityContext.capabilities to drop ALL and to add nothing.",
    controls=(
        "CIS Kubernetes 1.12 5.2.8",
        "CIS Kubernetes 1.12 5.2.9",
        "CIS Kubernetes 1.12 5.2.10",
        "NSA C-0046",
    ),
    bounds=CapabilityBounds,
    types=WORKLOADS,
    check=check,
)
