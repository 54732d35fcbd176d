"""The container that agents and gateways share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_kubernetes.core import v1 as core

from components.kubernetes import containers
from components.kubernetes.certificate_files import certificate_mounts
from components.ports import OTLP_PORTS
from render.certificates import SecretFile
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


@dataclass(frozen=True, kw_only=True)
class CollectorContainer:
    """What the containers of agents and gateways differ in; `ports` come beside those that both have."""

    image: str
    resources: core.ResourceRequirementsArgs
    go_memory_limit_mib: int
    env: Sequence[core.EnvVarArgs] = ()
    ports: Mapping[str, int] = field(default_factory=dict)
    feature_gates: Sequence[str] = ()
    certificates: Sequence[SecretFile] = ()


def collector_container(own: CollectorContainer) -> core.ContainerArgs:
    """Return the container; its Pod must have the volumes `config`, `queue` and those of the certificates."""
    gates = [f"--feature-gates={','.join(own.feature_gates)}"] if own.feature_gates else []
    return core.ContainerArgs(
        name="collector",
        image=own.image,
        args=[f"--config={_CONFIG_FOLDER}/{_CONFIG_FILE}", *gates],
        env=[containers.go_memory_limit(own.go_memory_limit_mib), *own.env],
        ports=containers.ports({**_CONTAINER_PORTS, **own.ports}),
        resources=own.resources,
        security_context=containers.container_security(),
        readiness_probe=containers.http_probe("/", _HEALTH_PORT, period_seconds=2),
        liveness_probe=containers.http_probe("/", _HEALTH_PORT, period_seconds=20),
        volume_mounts=[
            core.VolumeMountArgs(name=CONFIG_VOLUME, mount_path=_CONFIG_FOLDER, read_only=True),
            core.VolumeMountArgs(name=QUEUE_VOLUME, mount_path=COLLECTOR_QUEUE_FOLDER),
            *certificate_mounts(own.certificates),
        ],
    )
