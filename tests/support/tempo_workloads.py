"""Tempo in microservices mode under the recorder: workloads planned by hand, and the resources they become."""

import functools
from typing import Any

import pulumi

from components.context import Context
from components.storage.access import StoreAccess
from components.tempo.microservices import TempoMicroservices, TempoMicroservicesArgs
from components.tempo.process import TempoFiles
from plan.tempo.workloads import TempoWorkload
from settings.base import Resources
from settings.cluster import Cluster
from settings.environment import Environment
from settings.grafana import Grafana
from snapshot.program import record
from snapshot.recorder import Recorder

ENVIRONMENT = Environment(name="test", team="platform", protect_stateful=True, retain_stateful_on_delete=False)
RESOURCES = Resources(
    cpu_request_millicores=500, cpu_limit_millicores=2000, memory_request_mib=1024, memory_limit_mib=2000
)
MONITORED = Grafana(service_monitors=True, prometheus_release="prometheus")
FILES = TempoFiles(config="Tempo config", overrides="overrides")
ROLE = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/tempo"}


def workload(target: str, **changes: Any) -> TempoWorkload:
    """Return a planned Deployment of one replica without access to the object store, with changes applied."""
    usual: dict[str, Any] = {"kind": "deployment", "replicas": 1, "max_replicas": 1, "needs_object_store": False}
    return TempoWorkload(target=target, resources=RESOURCES, **usual | changes)


TEMPO_2 = (
    workload("distributor", replicas=2, max_replicas=6, autoscaled=True),
    workload(
        "ingester", kind="statefulset", replicas=3, max_replicas=3, needs_object_store=True, volume_size_gib=100
    ),
    workload("querier", replicas=2, max_replicas=2, needs_object_store=True, autoscaled=True),
    workload("query-frontend", replicas=2, max_replicas=2, needs_object_store=True),
    workload("compactor", needs_object_store=True),
    workload("metrics-generator"),
)
LIVE_STORES: dict[str, Any] = {"kind": "statefulset", "replicas": 2, "max_replicas": 2, "volume_size_gib": 10}
TEMPO_3 = (
    workload("distributor"),
    workload("live-store", zone="zone-a", **LIVE_STORES),
    workload("live-store", zone="zone-b", **LIVE_STORES),
    workload("block-builder", kind="statefulset", needs_object_store=True, replicas=2, max_replicas=2),
    workload("querier", needs_object_store=True),
    workload("query-frontend", needs_object_store=True),
    workload("backend-scheduler", kind="statefulset", needs_object_store=True, volume_size_gib=10),
    workload("backend-worker", kind="statefulset", needs_object_store=True, max_replicas=4, autoscaled=True),
)


def recorded(
    workloads: tuple[TempoWorkload, ...], opts: pulumi.ResourceOptions | None = None, **changes: Any
) -> Recorder:
    """Record a Tempo named `tempo` with these workloads."""
    usual: dict[str, Any] = {
        "files": FILES,
        "replication_factor": 3,
        "require_zones": False,
        "access": StoreAccess.by_identity("irsa role", ROLE),
    }
    grafana = changes.pop("grafana", Grafana())
    args = TempoMicroservicesArgs(
        context=Context(
            namespace="tracing-tests",
            environment=ENVIRONMENT,
            grafana=grafana,
            cluster=Cluster(),
            pull_secrets=(),
        ),
        image="tempo:1",
        memcached_image="memcached:1",
        workloads=workloads,
        **usual | changes,
    )
    return record(lambda: TempoMicroservices("tempo", args, opts), {}, "test")


@functools.cache
def tempo_2() -> Recorder:
    """Return the record of the planned Tempo 2."""
    return recorded(TEMPO_2)


@functools.cache
def tempo_3() -> Recorder:
    """Return the record of the planned Tempo 3."""
    return recorded(TEMPO_3)


def spec(recorder: Recorder, name: str) -> dict[str, Any]:
    """Return the spec of the object with this logical name."""
    return dict(recorder.one(name).inputs["spec"])


def pod(recorder: Recorder, name: str) -> dict[str, Any]:
    """Return the Pod spec of a workload."""
    return dict(spec(recorder, f"tempo-{name}-server")["template"]["spec"])


def container(recorder: Recorder, name: str) -> dict[str, Any]:
    """Return the only container of a workload."""
    (found,) = pod(recorder, name)["containers"]
    return dict(found)


def pod_labels(recorder: Recorder, name: str) -> dict[str, str]:
    """Return the labels of a workload's Pods."""
    return dict(spec(recorder, f"tempo-{name}-server")["template"]["metadata"]["labels"])


def servers(recorder: Recorder) -> dict[str, tuple[str, int]]:
    """Return each workload's kind and replicas by name."""
    found = [*recorder.of_type("Deployment"), *recorder.of_type("StatefulSet")]
    return {
        one.inputs["metadata"]["name"]: (one.type.rpartition(":")[2], one.inputs["spec"]["replicas"])
        for one in found
    }


def variables(recorder: Recorder, name: str) -> dict[str, Any]:
    """Return a container's variables: each one's value, the Pod's field, or the Secret and key that hold it."""
    return {
        variable["name"]: variable.get("value") or next(iter(variable["valueFrom"].values()))
        for variable in container(recorder, name)["env"]
    }


def matches(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Return whether a Kubernetes label selector matches these labels."""
    for expression in selector.get("matchExpressions", []):
        assert expression["operator"] == "NotIn"
        if labels.get(expression["key"]) in expression["values"]:
            return False
    return bool(labels.items() >= selector["matchLabels"].items())


def service(recorder: Recorder, name: str) -> dict[str, Any]:
    """Return the spec of the Service with this name."""
    (found,) = [one for one in recorder.of_type("Service") if one.inputs["metadata"]["name"] == name]
    return dict(found.inputs["spec"])
