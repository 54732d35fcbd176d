"""The port of an agent's span metrics, and how Prometheus scrapes it."""

from typing import Any

import pulumi

from components.kubernetes.service_monitor import relabel_job
from render.certificates import SecretFile
from render.collectors.span_metrics import FLUSH_SECONDS
from render.names import SPAN_METRICS_PORT
from settings.span_metrics import SpanMetrics

_PORT = "span-metrics"
# The operator's own labels of a target. `service` would displace the metrics' own label of that name, and a Pod's
# name would start every series anew with each restart.
_OF_THE_OPERATOR = "container|endpoint|namespace|pod|service"


def span_metrics_ports(settings: SpanMetrics) -> dict[str, int]:
    """Return the port by its name; none where agents make no span metrics."""
    return {_PORT: SPAN_METRICS_PORT} if settings.source == "agents" else {}


def span_metrics_endpoint(
    settings: SpanMetrics, host: pulumi.Output[str], authority: SecretFile | None
) -> list[dict[str, Any]]:
    """Return the endpoint of the agents' ServiceMonitor; none where agents make no span metrics.

    `instance` is the node, so an agent that restarts continues its series: rate() sees a counter that restarts.
    With an `authority`, Prometheus expects the name `host` in the certificates of all agents.
    """
    if settings.source != "agents":
        return []
    node = {"sourceLabels": ["__meta_kubernetes_pod_node_name"], "targetLabel": "instance"}
    return [
        {
            "port": _PORT,
            "path": "/metrics",
            **_tls(host, authority),
            # Twice as often as the metrics change: Prometheus must see the 0 with which a counter begins.
            "interval": f"{FLUSH_SECONDS // 2}s",
            "relabelings": [
                relabel_job(_PORT),
                node,
                {"action": "labeldrop", "regex": _OF_THE_OPERATOR},
            ],
        }
    ]


def _tls(host: pulumi.Output[str], authority: SecretFile | None) -> dict[str, Any]:
    if authority is None:
        return {}
    secret = {"name": authority.secret, "key": authority.key}
    return {"scheme": "https", "tlsConfig": {"ca": {"secret": secret}, "serverName": host}}
