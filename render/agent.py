"""The agent on each node: says which Pod a span is from and sends each trace to one gateway."""

from render.collector import RETRY_FOREVER, disk_queue, extensions, memory_limiter, otlp_receiver, telemetry
from render.names import GATEWAY, OTLP_GRPC_PORT
from render.text import Config
from settings.stack import StackSettings

_MIB = 2**20
# The environment variable that the DaemonSet fills from `spec.nodeName`.
NODE_NAME_VARIABLE = "K8S_NODE_NAME"
# What people search traces by; all of it comes from the Pod alone, so the agent needs no other watch.
_POD_METADATA = (
    "k8s.namespace.name",
    "k8s.pod.name",
    "k8s.pod.uid",
    "k8s.deployment.name",
    "k8s.statefulset.name",
    "k8s.daemonset.name",
    "k8s.job.name",
    "k8s.node.name",
    "k8s.container.name",
)


def agent_config(settings: StackSettings) -> Config:
    """Return the whole configuration of the agent."""
    return {
        "extensions": extensions(),
        "receivers": {"otlp": otlp_receiver()},
        "processors": {"memory_limiter": memory_limiter(), "k8s_attributes": _k8s_attributes()},
        "exporters": {"load_balancing": _to_gateways(settings)},
        "service": {
            "extensions": ["health_check", "file_storage"],
            "telemetry": telemetry(),
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", "k8s_attributes"],
                    "exporters": ["load_balancing"],
                }
            },
        },
    }


def _k8s_attributes() -> Config:
    """Return the enrichment. It stands here because only the agent sees the application's address."""
    return {
        "auth_type": "serviceAccount",
        # Only this node's Pods: a watch of all would cost every agent the memory of the whole cluster.
        "filter": {"node_from_env_var": NODE_NAME_VARIABLE},
        "extract": {
            "metadata": list(_POD_METADATA),
            # Saves the watch of ReplicaSets, and with it a permission.
            "deployment_name_from_replicaset": True,
        },
        "pod_association": [
            {"sources": [{"from": "resource_attribute", "name": "k8s.pod.ip"}]},
            {"sources": [{"from": "resource_attribute", "name": "k8s.pod.uid"}]},
            {"sources": [{"from": "connection"}]},
        ],
    }


def _to_gateways(settings: StackSettings) -> Config:
    """Return the exporter that sends all spans of a trace to the same gateway.

    Queue and retries stand on the outer level only: it can route anew when a gateway is gone, and
    only it may use the disk.
    """
    return {
        "routing_key": "traceID",
        "resolver": {"k8s": {"service": f"{GATEWAY}.{settings.environment.namespace}", "ports": [OTLP_GRPC_PORT]}},
        "protocol": {
            "otlp": {
                "timeout": "5s",
                "tls": {"insecure": True},
                "retry_on_failure": {"enabled": False},
                "sending_queue": {"enabled": False},
            }
        },
        "retry_on_failure": RETRY_FOREVER,
        "sending_queue": disk_queue(settings.collectors.agent.queue_volume_mib * _MIB),
    }
