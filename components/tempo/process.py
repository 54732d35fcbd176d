"""The container of every Tempo process, alone or one of many: files, arguments, ports, probes."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core

from components.kubernetes import containers, volumes
from components.kubernetes.certificate_files import certificate_mounts
from components.kubernetes.config_map import config_map, reloaded_config_map
from components.kubernetes.scope import Scope
from components.storage.access import StoreAccess
from plan.containers import LocalDisk, go_memory_limit_mib
from render.certificates import SecretFile
from render.names import (
    TEMPO_ADDRESS_VARIABLE,
    TEMPO_CONFIG_FOLDER,
    TEMPO_DATA_FOLDER,
    TEMPO_GRPC_PORT,
    TEMPO_HTTP_PORT,
    TEMPO_OVERRIDES,
    TEMPO_OVERRIDES_FILE,
    TEMPO_OVERRIDES_FOLDER,
)
from render.text import files_checksum
from settings.base import Resources

_HTTP_PORT = "http"
PORTS = {_HTTP_PORT: TEMPO_HTTP_PORT, "grpc": TEMPO_GRPC_PORT}
# Metrics are on the HTTP port.
METRICS_PORT = _HTTP_PORT
_CONFIG_VOLUME = "config"
_OVERRIDES_VOLUME = "overrides"
DATA_VOLUME = "data"
_CONFIG_FILE = "tempo.yaml"


@dataclass(frozen=True, kw_only=True)
class TempoFiles:
    """The rendered configuration, the tenants' overrides, and the files of certificates.

    ConfigMaps hold the first two: neither contains a secret, because credentials come as environment variables.
    """

    config: str
    overrides: str
    certificates: Sequence[SecretFile] = ()

    def checksum(self) -> str:
        """Return a digest for the Pods' annotation, which restarts them when the configuration changes.

        Tempo reloads the overrides, so they are not part of it.
        """
        return files_checksum(self._config_files())

    def config_maps(self, scope: Scope) -> "TempoConfigMaps":
        """Create both ConfigMaps."""
        overrides = {TEMPO_OVERRIDES_FILE: self.overrides}
        return TempoConfigMaps(
            config=config_map(scope, self._config_files()).metadata.name,
            overrides=reloaded_config_map(scope, TEMPO_OVERRIDES, overrides, "overrides").metadata.name,
            certificates=self.certificates,
        )

    def _config_files(self) -> dict[str, str]:
        return {_CONFIG_FILE: self.config}


@dataclass(frozen=True, kw_only=True)
class TempoConfigMaps:
    """The names of the ConfigMaps that every Tempo Pod mounts, and the files of certificates beside them."""

    config: pulumi.Input[str]
    overrides: pulumi.Input[str]
    certificates: Sequence[SecretFile] = ()

    def volumes(self) -> list[core.VolumeArgs]:
        """Return the Pod's volumes for `tempo_container`."""
        return [
            volumes.config_volume(_CONFIG_VOLUME, self.config),
            volumes.config_volume(_OVERRIDES_VOLUME, self.overrides),
        ]

    def mounts(self) -> list[core.VolumeMountArgs]:
        """Return the mounts of those volumes."""
        return [
            core.VolumeMountArgs(name=_CONFIG_VOLUME, mount_path=TEMPO_CONFIG_FOLDER, read_only=True),
            core.VolumeMountArgs(name=_OVERRIDES_VOLUME, mount_path=TEMPO_OVERRIDES_FOLDER, read_only=True),
        ]


@dataclass(frozen=True, kw_only=True)
class TempoContainerArgs:
    """Differences between processes; `arguments` follow the configuration file's."""

    name: str
    image: str
    resources: Resources
    disk: LocalDisk
    ports: dict[str, int]
    config_maps: TempoConfigMaps
    access: StoreAccess
    needs_object_store: bool
    arguments: Sequence[str] = ()
    environment: Sequence[core.EnvVarArgs] = ()


def tempo_container(args: TempoContainerArgs) -> core.ContainerArgs:
    """Return the container; its Pod must have `data` and the volumes of `TempoConfigMaps` and of the access."""
    return core.ContainerArgs(
        name=args.name,
        image=args.image,
        # Tempo expands the variables in all its files: the Pod's address, and the id of the KMS key.
        args=[f"-config.file={TEMPO_CONFIG_FOLDER}/{_CONFIG_FILE}", "-config.expand-env=true", *args.arguments],
        env=[
            containers.from_field(TEMPO_ADDRESS_VARIABLE, "status.podIP"),
            *args.access.environment(needs_object_store=args.needs_object_store),
            containers.go_memory_limit(go_memory_limit_mib(args.resources.memory_limit_mib)),
            *args.environment,
        ],
        env_from=args.access.imported_variables(needs_object_store=args.needs_object_store),
        ports=containers.ports(args.ports),
        resources=containers.resources(args.resources, args.disk),
        security_context=containers.container_security(),
        readiness_probe=containers.http_probe("/ready", _HTTP_PORT, period_seconds=2),
        # Not /ready: Tempo is not ready while it replays its log, and must not be killed for that.
        liveness_probe=containers.http_probe("/status/version", _HTTP_PORT, period_seconds=20),
        volume_mounts=[
            *args.config_maps.mounts(),
            core.VolumeMountArgs(name=DATA_VOLUME, mount_path=TEMPO_DATA_FOLDER),
            *args.access.mounts(needs_object_store=args.needs_object_store),
            *certificate_mounts(args.config_maps.certificates),
        ],
    )
