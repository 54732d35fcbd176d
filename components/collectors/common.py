"""What the Pods of agent and gateway have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core

from components.kubernetes import containers
from render.names import (
    COLLECTOR_HEALTH_PORT,
    COLLECTOR_METRICS_PORT,
    COLLECTOR_QUEUE_FOLDER,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
)

CONFIG_FILE = "collector.yaml"
OTLP_PORTS = {"otlp-grpc": OTLP_GRPC_PORT, "otlp-http": OTLP_HTTP_PORT}
METRICS_PORT = "metrics"
PORTS = OTLP_PORTS | {METRICS_PORT: COLLECTOR_METRICS_PORT}
_HEALTH_PORT = "health"
# The kubelet's alone: no Service leads there.
_CONTAINER_PORTS = PORTS | {_HEALTH_PORT: COLLECTOR_HEALTH_PORT}
_CONFIG_FOLDER = "/etc/otelcol"
QUEUE_VOLUME = "queue"
CONFIG_VOLUME = "config"


@dataclass(frozen=True, kw_only=True)
class PodRules:
    """Where Pods may run, how long they may take to end, and whether they get a token for the Kubernetes API."""

    grace_seconds: int
    reads_the_api: bool = False
    tolerations: Sequence[core.TolerationArgs] = ()
    spread: Sequence[core.TopologySpreadConstraintArgs] = ()


def collector_container(
    image: str,
    resources: core.ResourceRequirementsArgs,
    go_memory_limit_mib: int,
    env: Sequence[core.EnvVarArgs] = (),
) -> core.ContainerArgs:
    """Return the container; its Pod must have the volumes `config` and `queue`."""
    return core.ContainerArgs(
        name="collector",
        image=image,
        args=[f"--config={_CONFIG_FOLDER}/{CONFIG_FILE}"],
        env=[containers.go_memory_limit(go_memory_limit_mib), *env],
        ports=containers.ports(_CONTAINER_PORTS),
        resources=resources,
        security_context=containers.container_security(),
        readiness_probe=containers.http_probe("/", _HEALTH_PORT, period_seconds=2),
        liveness_probe=containers.http_probe("/", _HEALTH_PORT, period_seconds=20),
        volume_mounts=[
            core.VolumeMountArgs(name=CONFIG_VOLUME, mount_path=_CONFIG_FOLDER, read_only=True),
            core.VolumeMountArgs(name=QUEUE_VOLUME, mount_path=COLLECTOR_QUEUE_FOLDER),
        ],
    )


def collector_pod(
    account: pulumi.Input[str],
    container: core.ContainerArgs,
    volumes: Sequence[core.VolumeArgs],
    rules: PodRules,
) -> core.PodSpecArgs:
    """Return the Pod."""
    return core.PodSpecArgs(
        service_account_name=account,
        automount_service_account_token=rules.reads_the_api,
        enable_service_links=False,
        termination_grace_period_seconds=rules.grace_seconds,
        security_context=containers.pod_security(),
        tolerations=list(rules.tolerations) or None,
        topology_spread_constraints=list(rules.spread) or None,
        containers=[container],
        volumes=list(volumes),
    )
