"""The agent on each node: adds the attributes of the sending Pod and routes each trace to one gateway."""

import re
from collections.abc import Sequence

from plan.delivery import AGENT_MAX_MESSAGE_MIB, agent_queue
from render.collectors.common import (
    RETRY_FOREVER,
    disk_queue,
    extensions,
    literal,
    memory_limiter,
    otlp_receiver,
    telemetry,
)
from render.collectors.invalid import INVALID_FILTER, invalid_filter
from render.collectors.span_metrics import span_metrics
from render.names import GATEWAY, OTLP_GRPC_PORT, service_host
from render.text import Config
from render.tls import application_server_tls, otlp_client_tls
from settings.stack import StackSettings

# The environment variable that the DaemonSet fills from `spec.nodeName`.
NODE_NAME_VARIABLE = "K8S_NODE_NAME"
# Attributes that people search traces by. All come from the Pod itself, so the agent needs no other watch.
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
# Only the application knows in which container of its Pod it runs, and no tenant depends on it.
_SET_BY_THE_APPLICATION = ("k8s.container.name",)
# Time for a gateway to answer; the retry goes to the gateway that is then responsible for the trace.
GATEWAY_TIMEOUT_SECONDS = 5
# DNS omits gateways that are not ready. At this interval an agent learns of a dead gateway within the longest
# pause between two retries (30 s, less by up to half), so the next retry goes to a live one. The collector's
# default timeout of 1 s is short for a DNS server that is starting. The timeout must end before the next query;
# until an answer arrives the agent keeps the gateways that it knows.
_DNS_INTERVAL_SECONDS = 5
_DNS_TIMEOUT_SECONDS = 2
# Time for the API server to list a node's Pods: longer than the 60 s after which the liveness probe ends a
# collector that is not ready. At its own timeout the processor reports an error to a collector that does not
# listen yet (`NotifyComponentStatusChange` in service 0.159), which then never starts and never ends.
_POD_LIST_SECONDS = 300
# Attributes by which k8s_attributes can identify a span's Pod, besides the connection.
_CLAIMS = ("k8s.pod.ip", "k8s.pod.uid")


def agent_config(settings: StackSettings) -> Config:
    """Return the whole configuration of the agent.

    Spans that Tempo refuses are dropped before anything else is done for them (render/collectors/invalid.py).

    If namespaces are tenants, attributes in which an application claims its Pod are deleted first: k8s_attributes
    only adds missing attributes, so any application could write into another's tenant.
    """
    distrust = settings.tenants.mode == "by_namespace"
    first = {"resource/claims": _delete_claims()} if distrust else {}
    metrics = span_metrics(settings)
    return {
        # Requests are as small as applications send them, so flushes would bound their rate: 33 a second on a disk
        # that takes 5 ms for each.
        "extensions": extensions(agent_queue(settings), flushed=False),
        "receivers": {"otlp": otlp_receiver(AGENT_MAX_MESSAGE_MIB, application_server_tls(settings))},
        "processors": {
            "memory_limiter": memory_limiter(),
            INVALID_FILTER: invalid_filter(),
            **first,
            "k8s_attributes": _k8s_attributes([] if distrust else _CLAIMS),
            **metrics.processors,
        },
        **({"connectors": dict(metrics.connectors)} if metrics.connectors else {}),
        "exporters": {"load_balancing": _to_gateways(settings), **metrics.exporters},
        "service": {
            "extensions": ["health_check", "file_storage"],
            "telemetry": telemetry(),
            "pipelines": {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", INVALID_FILTER, *first, "k8s_attributes"],
                    "exporters": ["load_balancing", *metrics.exporters_of_spans],
                },
                **metrics.pipelines,
            },
        },
    }


def _delete_claims() -> Config:
    """Return the processor that deletes attributes which only the agent may set.

    By pattern, because deletion by name removes one attribute, and a hostile sender can send the name twice.
    """
    names = sorted({*_POD_METADATA, *_CLAIMS} - {*_SET_BY_THE_APPLICATION})
    pattern = f"^({'|'.join(re.escape(name) for name in names)})$"
    return {"attributes": [{"action": "delete", "pattern": literal(pattern)}]}


def _k8s_attributes(trusted: Sequence[str]) -> Config:
    """Return the processor that adds Pod attributes; it finds the Pod by trusted attributes or by the connection.

    It runs in the agent, because only the agent sees the application's address.
    """
    return {
        "auth_type": "serviceAccount",
        # Until the processor has the list of Pods, spans would go on without their namespace, to the default
        # tenant. Receivers start after it, so applications keep their spans and send them again.
        "wait_for_metadata": True,
        "wait_for_metadata_timeout": f"{_POD_LIST_SECONDS}s",
        # Only this node's Pods: a watch on all Pods would keep the whole cluster in every agent's memory.
        "filter": {"node_from_env_var": NODE_NAME_VARIABLE},
        "extract": {
            "metadata": list(_POD_METADATA),
            # Saves a watch on ReplicaSets, and the permission for it.
            "deployment_name_from_replicaset": True,
        },
        "pod_association": [
            *({"sources": [{"from": "resource_attribute", "name": name}]} for name in trusted),
            {"sources": [{"from": "connection"}]},
        ],
    }


def _to_gateways(settings: StackSettings) -> Config:
    """Return the exporter that sends all spans of a trace to the same gateway.

    Queue and retries are configured on the outer level only: it routes again when a gateway is gone, and only it
    may use the disk. A retry sends the whole request again, also to gateways that have their share; the growing
    pauses bound these copies (docs/loss.md). Retries on the inner level would hold back the shares of the healthy
    gateways, because the exporter sends to one gateway after another.
    """
    gateways = service_host(GATEWAY, settings.environment.namespace)
    return {
        "routing_key": "traceID",
        # Not the API's list of endpoints, which includes Pods that are not ready: with one dead gateway of three
        # every batch would fail, because each batch holds a trace of its share. DNS omits the dead gateway.
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
                "tls": otlp_client_tls(settings, gateways),
                "retry_on_failure": {"enabled": False},
                "sending_queue": {"enabled": False},
            }
        },
        "retry_on_failure": RETRY_FOREVER,
        "sending_queue": disk_queue(agent_queue(settings)),
    }
