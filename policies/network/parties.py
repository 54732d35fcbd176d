"""The ends of a connection: Pods, read from workloads' templates, and addresses outside."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from policies.network.selectors import Labels, MalformedError

Object = Mapping[str, Any]
# The way to the Pod's template in each kind of workload.
_TEMPLATE: Mapping[str, tuple[str, ...]] = {
    "Pod": (),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}


@dataclass(frozen=True, kw_only=True)
class Pod:
    """Every Pod of one template, or one Pod.

    - `name` is the workload's; for a Pod its own.
    - `ports` maps the names of the containers' ports to pairs of number and protocol.
    - `address` is known of a running Pod only.
    """

    namespace: str
    name: str
    labels: Labels = field(default_factory=dict)
    ports: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    host_network: bool = False
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class Outside:
    """A host that is no Pod of the cluster, by its IP address."""

    address: str


Party = Pod | Outside


class Connection(NamedTuple):
    """A connection to one port, which is the target's own: policies see it behind a Service."""

    source: Party
    target: Party
    port: int
    protocol: str = "TCP"


def pods_in(objects: Iterable[Object]) -> Iterator[Pod]:
    """Yield the Pods of all workloads among Kubernetes objects.

    Raises `MalformedError` for a workload without a Pod template.
    """
    for one in objects:
        if one.get("kind") in _TEMPLATE:
            yield _pod(one)


def _pod(workload: Object) -> Pod:
    template: Any = workload
    metadata = workload.get("metadata") or {}
    # An object without a name gets one from the API server.
    name = str(metadata.get("name") or metadata.get("generateName") or "")
    for step in _TEMPLATE[workload["kind"]]:
        template = template.get(step)
        if not isinstance(template, Mapping):
            raise MalformedError(f"the {workload['kind']} {name!r} has no Pod template: {step} is missing")
    spec = template.get("spec") or {}
    return Pod(
        namespace=namespace_of(workload),
        name=name,
        labels=(template.get("metadata") or {}).get("labels") or {},
        ports=dict(_named_ports(spec)),
        host_network=bool(spec.get("hostNetwork")),
        address=(workload.get("status") or {}).get("podIP"),
    )


def _named_ports(spec: Object) -> Iterator[tuple[str, tuple[int, str]]]:
    for container in [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]:
        for port in container.get("ports") or []:
            if "name" in port:
                yield port["name"], (int(port["containerPort"]), port.get("protocol", "TCP"))


def namespace_of(one: Object) -> str:
    """Return the namespace of an object; Kubernetes' own default is `default`."""
    return str((one.get("metadata") or {}).get("namespace") or "default")
