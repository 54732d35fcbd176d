"""Given resources of a small Tempo: its configuration, its tenants' limits, and a workload that reads both."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tests.support.policy_engine import Given
from tests.support.stacks import merge

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"

DOCUMENT: Mapping[str, Any] = {
    "multitenancy_enabled": True,
    "usage_report": {"reporting_enabled": False},
    "server": {"http_listen_port": 3200},
    "ingester": {"lifecycler": {"ring": {"replication_factor": 3, "kvstore": {"store": "memberlist"}}}},
    "compactor": {"compaction": {"block_retention": "8760h", "compacted_block_retention": "1h"}},
    "query_frontend": {"search": {"max_duration": "168h"}, "metrics": {"max_duration": "24h"}},
    "storage": {"trace": {"backend": "s3", "s3": {"bucket": "traces", "endpoint": "s3.eu-west-1.amazonaws.com"}}},
}
LIMITS: Mapping[str, Any] = {
    "ingestion": {"rate_limit_bytes": 1000, "burst_size_bytes": 1000, "max_traces_per_user": 1000},
    "global": {"max_bytes_per_trace": 1000},
    "compaction": {"block_retention": "168h"},
}


def config_map(name: str, file: str, text: object) -> Given:
    """Return a ConfigMap with one file."""
    return Given(CONFIG_MAP, name, {"metadata": {"name": name, "namespace": "tracing"}, "data": {file: text}})


def config(changes: Mapping[str, Any] | None = None) -> Given:
    """Return the ConfigMap `config` with a small Tempo's file, overlaid with changes."""
    return config_map("config", "tempo.yaml", yaml.safe_dump(merge(DOCUMENT, changes or {})))


def limits(tenants: Mapping[str, Any]) -> Given:
    """Return the ConfigMap `limits` with the blocks of tenants."""
    return config_map("limits", "overrides.yaml", yaml.safe_dump({"overrides": dict(tenants)}))


def workload(  # noqa: PLR0913 - what the cases vary
    name: str = "ingester",
    *,
    replicas: object = 3,
    image: object = "grafana/tempo:2.10.8",
    args: Sequence[str] = (),
    mounts: Sequence[object] = ("config", "limits"),
    env: Sequence[Mapping[str, Any]] = (),
    depends_on: Sequence[str] = (),
    workload_name: str = "",
) -> Given:
    """Return a StatefulSet that mounts ConfigMaps, with the target and the label `name`.

    `depends_on` are the resources that it was computed from.
    """
    container = {
        "name": name,
        "image": image,
        "args": [f"-target={name}", *args],
        "env": list(env),
        "volumeMounts": [{"name": f"volume-{index}", "mountPath": "/"} for index, _ in enumerate(mounts)],
    }
    volumes = [{"name": f"volume-{index}", "configMap": {"name": one}} for index, one in enumerate(mounts)]
    pod = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container], "volumes": volumes}}
    own = workload_name or name
    inputs = {"metadata": {"name": own, "namespace": "tracing"}, "spec": {"replicas": replicas, "template": pod}}
    return Given("kubernetes:apps/v1:StatefulSet", own, inputs, {"spec": list(depends_on)})
