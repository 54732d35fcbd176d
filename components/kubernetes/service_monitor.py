"""ServiceMonitors, by which the platform's Prometheus finds what to scrape."""

from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes.scope import Scope


def service_monitor(scope: Scope, port: str, job: str) -> CustomResource | None:
    """Create a ServiceMonitor for the workload's Service, if the settings ask for them.

    Not every cluster has the kind. `port` is the name of the Service port. The metrics' `job` label becomes
    `<namespace>/<job>`, as the published dashboards and alerts of Tempo and the collector expect; the operator's
    default is the Service's name.
    """
    grafana = scope.context.grafana
    if not grafana.service_monitors:
        return None
    relabel_job = {
        "sourceLabels": ["__meta_kubernetes_namespace"],
        "targetLabel": "job",
        "replacement": f"$1/{job}",
    }
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
            "endpoints": [{"port": port, "path": "/metrics", "relabelings": [relabel_job]}],
        },
        opts=scope.options,
    )
