"""ServiceMonitors, by which the platform's Prometheus finds what to scrape."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes.scope import Scope


def service_monitor(
    scope: Scope, port: str, job: str, further: Sequence[Mapping[str, Any]] = ()
) -> CustomResource | None:
    """Create a ServiceMonitor for the workload's Service, if the settings ask for them.

    Not every cluster has the kind. `port` is the name of the Service port. The metrics' `job` label becomes
    `<namespace>/<job>`, as the published dashboards and alerts of Tempo and the collector expect; the operator's
    default is the Service's name. `further` are endpoints beside that of the port.
    """
    grafana = scope.context.grafana
    if not grafana.service_monitors:
        return None
    return CustomResource(
        scope.child("monitor"),
        api_version="monitoring.coreos.com/v1",
        kind="ServiceMonitor",
        metadata=meta.ObjectMetaArgs(
            name=scope.component,
            namespace=scope.context.namespace,
            labels=scope.labels | {"release": grafana.prometheus_release},
        ),
        spec={
            "selector": {"matchLabels": scope.pods},
            "endpoints": [{"port": port, "path": "/metrics", "relabelings": [relabel_job(job)]}, *further],
        },
        opts=scope.options,
    )


def relabel_job(job: str) -> dict[str, Any]:
    """Return the rule that makes `<namespace>/<job>` the label `job` of a target."""
    return {
        "sourceLabels": ["__meta_kubernetes_namespace"],
        "targetLabel": "job",
        "replacement": f"$1/{job}",
    }
