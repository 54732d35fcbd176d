"""The agent on each node: says which Pod a span is from and sends each trace to one gateway."""

import re
from collections.abc import Sequence

from render.collectors.common import (
    RETRY_FOREVER,
    disk_queue,
    extensions,
    literal,
    memory_limiter,
    otlp_receiver,
    telemetry,
)
from render.names import GATEWAY, OTLP_GRPC_PORT, service_host
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
# Only the application can say in which of its Pod's containers it runs, and that is nobody else's business.
_SAID_BY_THE_APPLICATION = ("k8s.container.name",)
# How long a gateway may take to answer; a second try goes to whichever gateway then has the trace.
GATEWAY_TIMEOUT_SECONDS = 5
# DNS leaves out a gateway that is not ready. Asked this often, an agent knows before the longest pause between two
# tries is over, so the next one goes to a gateway that lives. The collector's default time-out of 1 s is short for
# a DNS that is starting; it must end before the next question, and until then the known gateways stay known.
_DNS_INTERVAL_SECONDS = 5
_DNS_TIMEOUT_SECONDS = 2
# Besides by the connection, k8s_attributes can be told by these which Pod a span is from.
_CLAIMS = ("k8s.pod.ip", "k8s.pod.uid")


def agent_config(settings: StackSettings) -> Config:
    """Return the whole configuration of the agent.

    Where namespaces are tenants, what an application claims about its Pod is deleted first: k8s_attributes
    only adds what is absent, and would let anyone write into another's tenant.
    """
    distrust = settings.tenants.mode == "by_namespace"
    first = {"resource/claims": _delete_claims()} if distrust else {}
    return {
        "extensions": extensions(),
        "receivers": {"otlp": otlp_receiver()},
        "processors": {
            "memory_limiter": memory_limiter(),
            **first,
            "k8s_attributes": _k8s_attributes([] if distrust else _CLAIMS),
        },
        "exporters": {"load_balancing": _to_gateways(settings)},
        "service": {
            "extensions": ["health_check", "file_storage"],
            "telemetry": telemetry(),
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", *first, "k8s_attributes"],
                    "exporters": ["load_balancing"],
                }
            },
        },
    }


def _delete_claims() -> Config:
    """Return the processor that deletes what only the agent may say.

    By pattern, because deletion by name takes one attribute, and a hostile sender can send the name twice.
    """
    names = sorted({*_POD_METADATA, *_CLAIMS} - {*_SAID_BY_THE_APPLICATION})
    pattern = f"^({'|'.join(re.escape(name) for name in names)})$"
    return {"attributes": [{"action": "delete", "pattern": literal(pattern)}]}


def _k8s_attributes(believed: Sequence[str]) -> Config:
    """Return the enrichment; a Pod is looked up by the believed attributes, else by the connection.

    It stands here because only the agent sees the application's address.
    """
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
            *({"sources": [{"from": "resource_attribute", "name": name}]} for name in believed),
            {"sources": [{"from": "connection"}]},
        ],
    }


def _to_gateways(settings: StackSettings) -> Config:
    """Return the exporter that sends all spans of a trace to the same gateway.

    Queue and retries stand on the outer level only: it can route anew when a gateway is gone, and
    only it may use the disk.
    """
    gateways = service_host(GATEWAY, settings.environment.namespace)
    return {
        "routing_key": "traceID",
        # Not the API's list of endpoints, which names Pods that are not ready too: one dead gateway of three would
        # have every batch fail, because each holds a trace of its share. DNS leaves it out.
        "resolver": {
            "dns": {
                "hostname": gateways,
                "port": str(OTLP_GRPC_PORT),
                "interval": f"{_DNS_INTERVAL_SECONDS}s",
                "timeout": f"{_DNS_TIMEOUT_SECONDS}s",
            }
        },
        "protocol": {
            "otlp": {
                "timeout": f"{GATEWAY_TIMEOUT_SECONDS}s",
                "tls": {"insecure": True},
                "retry_on_failure": {"enabled": False},
                "sending_queue": {"enabled": False},
            }
        },
        "retry_on_failure": RETRY_FOREVER,
        "sending_queue": disk_queue(settings.collectors.agent.queue_volume_mib * _MIB),
    }
