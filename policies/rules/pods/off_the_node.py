"""Pods use neither the network nor the processes of their node."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from policies.objects import name
from policies.pods import WORKLOADS, containers, name_of, pod_spec
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_NAMESPACES = {"hostNetwork": "network", "hostPID": "processes", "hostIPC": "shared memory"}


class NodeBounds(Bounds):
    """What a workload may use of its node."""

    host_ports: Mapping[str, tuple[int, ...]] = Field(
        {}, description="Ports of the node that a workload may take, by the workload's name."
    )


def check(workload: Resource, bounds: NodeBounds) -> Iterator[str]:
    """Yield what a Pod shares with its node."""
    spec = pod_spec(workload)
    for field, what in _NAMESPACES.items():
        if spec[field].flag(False):
            yield f"The Pod shares the node's {what} by {field}."
    for container in containers(workload):
        for port in container["ports"].items():
            taken = int(port["hostPort"].number(0))
            if taken and taken not in bounds.host_ports.get(name(workload), ()):
                yield f"{name_of(container)} takes port {taken} of the node."


RULE = ResourceRule(
    name="pods-stay-off-the-node",
    promise="No Pod shares the network, the ports or the processes of its node.",
    severity=Severity.HIGH,
    to_do="Remove it; applications reach Pods through a Service.",
    controls=(
        "CIS Kubernetes 1.12 5.2.3",
        "CIS Kubernetes 1.12 5.2.4",
        "CIS Kubernetes 1.12 5.2.5",
        "CIS Kubernetes 1.12 5.2.13",
        "NSA C-0038",
        "NSA C-0041",
        "NSA C-0044",
    ),
    bounds=NodeBounds,
    types=WORKLOADS,
    check=check,
)
