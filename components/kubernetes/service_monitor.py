"""What tells the platform's Prometheus to scrape a Service."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes.labels import labels, selector
from settings.environment import Environment
from settings.grafana import Grafana


@dataclass(frozen=True, kw_only=True)
class ServiceMonitorArgs:
    """Which Service (by its component's labels), which of its ports, and what its metrics' `job` ends with."""

    namespace: pulumi.Input[str]
    environment: Environment
    component: str
    port: str
    job: str
    grafana: Grafana


def service_monitor(name: str, parent: pulumi.Resource, args: ServiceMonitorArgs) -> CustomResource | None:
    """Create a ServiceMonitor where they are wanted: elsewhere the cluster may not know the kind.

    `job` becomes namespace/job, as the dashboards and alerts that Tempo and the collector are published with
    expect it; the operator's own would be the Service's name.
    """
    if not args.grafana.service_monitors:
        return None
    found_by = {"release": args.grafana.prometheus_release}
    job = {
        "sourceLabels": ["__meta_kubernetes_namespace"],
        "targetLabel": "job",
        "replacement": f"$1/{args.job}",
    }
    return CustomResource(
        name,
        api_version="monitoring.coreos.com/v1",
        kind="ServiceMonitor",
        metadata=meta.ObjectMetaArgs(
            name=args.component,
            namespace=args.namespace,
            labels=labels(args.environment, args.component) | found_by,
        ),
        spec={
            "selector": {"matchLabels": selector(args.component)},
            "endpoints": [{"port": args.port, "path": "/metrics", "relabelings": [job]}],
        },
        opts=pulumi.ResourceOptions(parent=parent),
    )
