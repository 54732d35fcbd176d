"""Tempo as one process."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components import containers
from components.labels import labels, selector
from components.store_keys import ACCESS_KEY, SECRET_KEY
from plan.gateway import go_memory_limit_mib
from render.names import (
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
    TEMPO,
    TEMPO_DATA_FOLDER,
    TEMPO_GRPC_PORT,
    TEMPO_HTTP_PORT,
)
from render.text import checksum
from settings.environment import Environment
from settings.tempo import Tempo

_CONFIG_FOLDER = "/etc/tempo"
_CONFIG_FILE = "tempo.yaml"
_PORTS = {
    "http": TEMPO_HTTP_PORT,
    "grpc": TEMPO_GRPC_PORT,
    "otlp-grpc": OTLP_GRPC_PORT,
    "otlp-http": OTLP_HTTP_PORT,
}
# Tempo cuts its block and stops its ingester within a second of the signal; but once it was queried within
# the last minute, its query frontend never ends by itself (grafana/tempo#7967, every 2.x). Twenty seconds
# are ample for the former, and all that waiting for the latter would add is a longer restart.
_GRACE_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class TempoMonolithArgs:
    """Wiring, settings and the rendered configuration."""

    namespace: pulumi.Input[str]
    environment: Environment
    image: str
    settings: Tempo
    config: str
    keys_secret: pulumi.Input[str]


class TempoMonolith(pulumi.ComponentResource):
    """One Tempo with a volume for its write-ahead log; traces survive the loss of its Pod."""

    http_endpoint: pulumi.Output[str]
    otlp_endpoint: pulumi.Output[str]

    def __init__(self, name: str, args: TempoMonolithArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create configuration, account, Service and StatefulSet."""
        super().__init__("fawkes:tracing:TempoMonolith", name, None, opts)
        self._args, self._labels = args, labels(args.environment, TEMPO)
        child = pulumi.ResourceOptions(parent=self)
        metadata = meta.ObjectMetaArgs(name=TEMPO, namespace=args.namespace, labels=self._labels)
        config = containers.config_map(
            f"{name}-config", self, args.namespace, self._labels, {_CONFIG_FILE: args.config}
        )
        account = core.ServiceAccount(
            f"{name}-account", metadata=metadata, automount_service_account_token=False, opts=child
        )
        service = core.Service(
            f"{name}-service",
            metadata=metadata,
            spec=core.ServiceSpecArgs(selector=selector(TEMPO), ports=containers.service_ports(_PORTS)),
            opts=child,
        )
        apps.StatefulSet(
            f"{name}-server",
            metadata=metadata,
            spec=self._spec(config.metadata.name, account.metadata.name),
            opts=containers.stateful(self, args.environment),
        )
        host = pulumi.Output.concat(service.metadata.name, ".", service.metadata.namespace, ".svc")
        self.http_endpoint = pulumi.Output.concat("http://", host, f":{TEMPO_HTTP_PORT}")
        self.otlp_endpoint = pulumi.Output.concat(host, f":{OTLP_GRPC_PORT}")
        self.register_outputs({"http_endpoint": self.http_endpoint, "otlp_endpoint": self.otlp_endpoint})

    def _spec(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> apps.StatefulSetSpecArgs:
        args = self._args
        return apps.StatefulSetSpecArgs(
            service_name=TEMPO,
            replicas=1,
            selector=meta.LabelSelectorArgs(match_labels=selector(TEMPO)),
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(
                    labels=self._labels, annotations={containers.CONFIG_CHECKSUM: checksum(args.config)}
                ),
                spec=core.PodSpecArgs(
                    service_account_name=account,
                    automount_service_account_token=False,
                    enable_service_links=False,
                    termination_grace_period_seconds=_GRACE_SECONDS,
                    security_context=containers.pod_security(),
                    containers=[self._container()],
                    volumes=[containers.config_volume("config", config)],
                ),
            ),
            volume_claim_templates=[
                containers.claim_template("data", args.settings.volume_size_gib, self._labels)
            ],
            persistent_volume_claim_retention_policy=containers.claim_retention(args.environment),
        )

    def _container(self) -> core.ContainerArgs:
        resources, keys = self._args.settings.resources, self._args.keys_secret
        return core.ContainerArgs(
            name=TEMPO,
            image=self._args.image,
            args=[f"-config.file={_CONFIG_FOLDER}/{_CONFIG_FILE}"],
            env=[
                containers.from_secret("AWS_ACCESS_KEY_ID", keys, ACCESS_KEY),
                containers.from_secret("AWS_SECRET_ACCESS_KEY", keys, SECRET_KEY),
                containers.go_memory_limit(go_memory_limit_mib(resources.memory_limit_mib)),
            ],
            ports=containers.ports(_PORTS),
            resources=containers.resources(resources),
            security_context=containers.container_security(),
            readiness_probe=containers.http_probe("/ready", TEMPO_HTTP_PORT, period_seconds=2),
            # Not /ready: Tempo is not ready while it replays its log, and must not be killed for it.
            liveness_probe=containers.http_probe("/status/version", TEMPO_HTTP_PORT, period_seconds=20),
            volume_mounts=[
                core.VolumeMountArgs(name="config", mount_path=_CONFIG_FOLDER, read_only=True),
                core.VolumeMountArgs(name="data", mount_path=TEMPO_DATA_FOLDER),
            ],
        )
