"""The container that agents and gateways share."""

from collections.abc import Sequence

from pulumi_kubernetes.core import v1 as core

from components.kubernetes import containers
from components.ports import OTLP_PORTS
from render.names import COLLECTOR_HEALTH_PORT, COLLECTOR_METRICS_PORT, COLLECTOR_QUEUE_FOLDER
from render.text import files_checksum

METRICS_PORT = "metrics"
PORTS = OTLP_PORTS | {METRICS_PORT: COLLECTOR_METRICS_PORT}
_HEALTH_PORT = "health"
# Only the kubelet uses the health port: no Service exposes it.
_CONTAINER_PORTS = PORTS | {_HEALTH_PORT: COLLECTOR_HEALTH_PORT}
_CONFIG_FILE = "collector.yaml"
_CONFIG_FOLDER = "/etc/otelcol"
QUEUE_VOLUME = "queue"
CONFIG_VOLUME = "config"


def config_files(config: str) -> dict[str, str]:
    """Return the rendered configuration by file name."""
    return {_CONFIG_FILE: config}


def config_checksum(config: str) -> str:
    """Return a digest for the Pods' annotation, which restarts them when the configuration changes."""
    return files_checksum(config_files(config))


def collector_container(
    image: str,
    resources: core.ResourceRequirementsArgs,
    go_memory_limit_mib: int,
    env: Sequence[core.EnvVarArgs] = (),
    feature_gates: Sequence[str] = (),
) -> core.ContainerArgs:
    """Return the container; its Pod must have the volumes `config` and `queue`."""
    return core.ContainerArgs(
        name="collector",
        image=image,
        args=[
            f"--config={_CONFIG_FOLDER}/{_CONFIG_FILE}",
            *(f"--feature-gates={gate}" for gate in feature_gates),
        ],
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
