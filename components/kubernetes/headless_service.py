"""Services without an address of their own: the names of the Pods behind them, in DNS."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes import containers
from components.kubernetes.labels import labels
from settings.environment import Environment


@dataclass(frozen=True, kw_only=True)
class HeadlessServiceArgs:
    """What it is called, the labels of its Pods, its ports, and whether Pods count that are not ready."""

    name: str
    namespace: pulumi.Input[str]
    environment: Environment
    pods: Mapping[str, str]
    ports: Mapping[str, int]
    unready_too: bool = False


def headless_service(name: str, parent: pulumi.Resource, args: HeadlessServiceArgs) -> None:
    """Create the Service, with labels of its own: a ServiceMonitor that finds the clients' must not find this too.

    Nothing is returned. A StatefulSet that took its `service_name` from here would wait for the Service, and the
    provider has a Service wait for the Pods of that StatefulSet: both know the name beforehand.
    """
    core.Service(
        name,
        metadata=meta.ObjectMetaArgs(
            name=args.name, namespace=args.namespace, labels=labels(args.environment, args.name)
        ),
        spec=core.ServiceSpecArgs(
            cluster_ip="None",
            publish_not_ready_addresses=True if args.unready_too else None,
            selector=dict(args.pods),
            ports=containers.service_ports(args.ports),
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )
