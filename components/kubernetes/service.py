"""Services: one address for a workload, or the addresses of its Pods in DNS."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes.labels import labels
from components.kubernetes.scope import Scope


def service(
    scope: Scope, ports: Mapping[str, int], *, headless: bool = False, node_local: bool = False
) -> core.Service:
    """Create the Service of a workload, under the workload's name.

    Headless, DNS answers with the addresses of all ready Pods. Node-local, traffic stays on its node.
    """
    return core.Service(
        scope.child("service"),
        metadata=scope.metadata(),
        spec=core.ServiceSpecArgs(
            cluster_ip="None" if headless else None,
            internal_traffic_policy="Local" if node_local else None,
            selector=scope.pods,
            ports=_service_ports(ports),
        ),
        opts=scope.options,
    )


def service_host(service: core.Service) -> pulumi.Output[str]:
    """Return a Service's DNS name, valid in every namespace and known once the Service exists."""
    return pulumi.Output.concat(service.metadata.name, ".", service.metadata.namespace, ".svc")


@dataclass(frozen=True, kw_only=True)
class HeadlessServiceArgs:
    """The Service's name, its Pods' labels, its ports, and whether DNS lists Pods that are not ready."""

    name: str
    pods: Mapping[str, str]
    ports: Mapping[str, int]
    publish_not_ready: bool = False


def headless_service(scope: Scope, args: HeadlessServiceArgs, role: str = "headless") -> None:
    """Create a further, headless Service.

    It has labels of its own, so that the ServiceMonitor of the clients' Service does not select it too. Returns
    nothing: a StatefulSet that took its `service_name` from here would wait for the Service, while the
    provider makes a Service wait for the Pods of that StatefulSet. Both know the name beforehand.
    """
    core.Service(
        scope.child(role),
        metadata=meta.ObjectMetaArgs(
            name=args.name,
            namespace=scope.context.namespace,
            labels=labels(scope.context.environment, args.name),
        ),
        spec=core.ServiceSpecArgs(
            cluster_ip="None",
            publish_not_ready_addresses=True if args.publish_not_ready else None,
            selector=dict(args.pods),
            ports=_service_ports(args.ports),
        ),
        opts=scope.options,
    )


def _service_ports(named: Mapping[str, int]) -> list[core.ServicePortArgs]:
    """Return Service ports that lead to the container ports of the same names."""
    return [core.ServicePortArgs(name=name, port=port, target_port=name) for name, port in named.items()]
