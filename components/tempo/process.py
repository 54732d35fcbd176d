"""What every process of Tempo has in common, alone or one of many: files, arguments, ports, probes."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core

from components.kubernetes import containers
from components.storage.access import StoreAccess
from plan.containers import go_memory_limit_mib
from render.names import (
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
    TEMPO_CONFIG_FOLDER,
    TEMPO_DATA_FOLDER,
    TEMPO_GRPC_PORT,
    TEMPO_HTTP_PORT,
    TEMPO_OVERRIDES_FILE,
)
from render.text import files_checksum
from settings.base import Resources

_HTTP_PORT = "http"
PORTS = {_HTTP_PORT: TEMPO_HTTP_PORT, "grpc": TEMPO_GRPC_PORT}
OTLP_PORTS = {"otlp-grpc": OTLP_GRPC_PORT, "otlp-http": OTLP_HTTP_PORT}
# The port with the metrics.
METRICS_PORT = _HTTP_PORT
CONFIG_VOLUME = "config"
DATA_VOLUME = "data"
_CONFIG_FILE = "tempo.yaml"


@dataclass(frozen=True, kw_only=True)
class TempoTexts:
    """The rendered configuration and the tenants' overrides, '' for none.

    Neither holds a secret: keys to the store come as environment variables. So they go into a ConfigMap.
    """

    config: str
    overrides: str

    def files(self) -> dict[str, str]:
        """Return the texts by file name."""
        overrides = {TEMPO_OVERRIDES_FILE: self.overrides} if self.overrides else {}
        return {_CONFIG_FILE: self.config} | overrides

    def checksum(self) -> str:
        """Return a digest of both, which restarts Pods with a change of either."""
        return files_checksum(self.files())


@dataclass(frozen=True, kw_only=True)
class TempoContainerArgs:
    """What differs between processes; `arguments` come after the configuration's file."""

    name: str
    image: str
    resources: Resources
    ports: dict[str, int]
    access: StoreAccess
    uses_store: bool
    arguments: Sequence[str] = ()


def tempo_container(args: TempoContainerArgs) -> core.ContainerArgs:
    """Return the container; its Pod must have the volumes `config` and `data`."""
    return core.ContainerArgs(
        name=args.name,
        image=args.image,
        args=[f"-config.file={TEMPO_CONFIG_FOLDER}/{_CONFIG_FILE}", *args.access.arguments(), *args.arguments],
        env=[
            *args.access.environment(uses_store=args.uses_store),
            containers.go_memory_limit(go_memory_limit_mib(args.resources.memory_limit_mib)),
        ],
        ports=containers.ports(args.ports),
        resources=containers.resources(args.resources),
        security_context=containers.container_security(),
        readiness_probe=containers.http_probe("/ready", _HTTP_PORT, period_seconds=2),
        # Not /ready: Tempo is not ready while it replays its log, and must not be killed for it.
        liveness_probe=containers.http_probe("/status/version", _HTTP_PORT, period_seconds=20),
        volume_mounts=[
            core.VolumeMountArgs(name=CONFIG_VOLUME, mount_path=TEMPO_CONFIG_FOLDER, read_only=True),
            core.VolumeMountArgs(name=DATA_VOLUME, mount_path=TEMPO_DATA_FOLDER),
        ],
    )


def service_host(service: core.Service) -> pulumi.Output[str]:
    """Return a Service's name as other Pods of any namespace resolve it, known when it exists."""
    return pulumi.Output.concat(service.metadata.name, ".", service.metadata.namespace, ".svc")
