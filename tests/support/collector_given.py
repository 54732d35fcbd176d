"""Given resources of a small collector: its configuration, its workload with a volume, and its Service."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tests.support.policy_engine import Given
from tests.support.stacks import merge
from tests.support.tempo_given import config_map

_QUEUE = {"enabled": True, "storage": "file_storage", "sizer": "bytes", "queue_size": 256 * 2**20}
DOCUMENT: Mapping[str, Any] = {
    "extensions": {"file_storage": {"directory": "/queue/spans", "max_size": 512 * 2**20}},
    "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": ":4317"}}}},
    "processors": {
        "memory_limiter": {"check_interval": "1s", "limit_percentage": 80, "spike_limit_percentage": 20},
        "tail_sampling": {
            "decision_wait": "10s",
            "num_traces": 2000,
            "policies": [
                {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}},
                {"name": "baseline", "type": "probabilistic", "probabilistic": {"sampling_percentage": 10}},
            ],
        },
        "batch": {"send_batch_max_size": 4096},
    },
    "exporters": {
        "otlp_grpc/tempo": {
            "endpoint": "tempo.tracing.svc:4317",
            "retry_on_failure": {"enabled": True, "max_elapsed_time": 0},
            "sending_queue": _QUEUE,
        }
    },
    "service": {
        "extensions": ["file_storage"],
        "telemetry": {
            "metrics": {
                "level": "normal",
                "readers": [{"pull": {"exporter": {"prometheus": {"host": "", "port": 8888}}}}],
            }
        },
        "pipelines": {
            "traces": {
                "receivers": ["otlp"],
                "processors": ["memory_limiter", "tail_sampling", "batch"],
                "exporters": ["otlp_grpc/tempo"],
            }
        },
    },
}

# An agent's: no sampler, and the exporter that sends each trace to one gateway.
_AGENT: Mapping[str, Any] = {
    **DOCUMENT,
    "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": ":4317", "max_recv_msg_size_mib": 8}}}},
    "processors": {
        "memory_limiter": DOCUMENT["processors"]["memory_limiter"],
        "filter/invalid": {
            "error_mode": "propagate",
            "trace_conditions": [
                f"span.trace_id == TraceID(0x{'0' * 32}) or span.span_id == SpanID(0x{'0' * 16})"
            ],
        },
    },
    "exporters": {
        "load_balancing": {
            "resolver": {"dns": {"hostname": "gateway.tracing.svc"}},
            "retry_on_failure": {"enabled": True, "multiplier": 2, "randomization_factor": 0.5},
            "sending_queue": _QUEUE,
        }
    },
    "service": {
        **DOCUMENT["service"],
        "pipelines": {
            "traces": {
                "receivers": ["otlp"],
                "processors": ["memory_limiter", "filter/invalid"],
                "exporters": ["load_balancing"],
            }
        },
    },
}


def agent_config(changes: Mapping[str, Any] | None = None, name: str = "config") -> Given:
    """Return the ConfigMap `config` with a small agent's file, overlaid with changes; lists are replaced."""
    return config_map(name, "collector.yaml", yaml.safe_dump(merge(_AGENT, changes or {})))


def collector_config(changes: Mapping[str, Any] | None = None, name: str = "config") -> Given:
    """Return the ConfigMap `config` with a small collector's file, overlaid with changes; lists are replaced."""
    return config_map(name, "collector.yaml", yaml.safe_dump(merge(DOCUMENT, changes or {})))


def policies(*found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the change to other policies of the sampler."""
    return {"processors": {"tail_sampling": {"policies": list(found)}}}


def pipeline(**changes: Sequence[str]) -> dict[str, Any]:
    """Return the change to other components of the pipeline."""
    return {"service": {"pipelines": {"traces": dict(changes)}}}


def collector(
    name: str = "gateway",
    mounts: object = "config",
    container: Mapping[str, Any] | None = None,
    size: object = "1Gi",
) -> Given:
    """Return a StatefulSet of a collector that mounts a ConfigMap, overlaid with parts of its container."""
    changed = merge(
        {
            "name": "collector",
            "image": "example.org/opentelemetry-collector-contrib:0.159.0",
            "args": ["--config=/etc/otelcol/collector.yaml"],
            "ports": [{"name": "metrics", "containerPort": 8888}],
            "resources": {"limits": {"memory": "1Gi"}},
            "volumeMounts": [
                {"name": "config", "mountPath": "/etc/otelcol"},
                {"name": "queue", "mountPath": "/queue"},
            ],
        },
        container or {},
    )
    pod = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [changed], "volumes": [{"name": "config", "configMap": {"name": mounts}}]},
    }
    claims = [{"metadata": {"name": "queue"}, "spec": {"resources": {"requests": {"storage": size}}}}]
    spec = {"replicas": 1, "template": pod, "volumeClaimTemplates": claims}
    metadata = {"name": name, "namespace": "tracing"}
    return Given("kubernetes:apps/v1:StatefulSet", name, {"metadata": metadata, "spec": spec})


def service(name: str = "gateway", ports: Sequence[Mapping[str, Any]] = ()) -> Given:
    """Return the Service of a collector, with the port of its metrics unless other ports are given."""
    spec = {"selector": {"app": name}, "ports": list(ports) or [{"port": 8888, "targetPort": "metrics"}]}
    return Given(
        "kubernetes:core/v1:Service",
        f"{name}-service",
        {"metadata": {"name": name, "namespace": "tracing"}, "spec": spec},
    )
