"""Tempo as one process."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes import volumes
from components.kubernetes.certificate_files import certificate_volumes
from components.kubernetes.pods import CONFIG_CHECKSUM, PodArgs, pod
from components.kubernetes.scope import Scope
from components.kubernetes.service import HeadlessServiceArgs, headless_service, service, service_host
from components.kubernetes.service_account import service_account
from components.kubernetes.service_monitor import service_monitor
from components.ports import OTLP_PORTS
from components.storage.access import StoreAccess
from components.tempo.process import (
    DATA_VOLUME,
    METRICS_PORT,
    PORTS,
    TempoConfigMaps,
    TempoContainerArgs,
    TempoFiles,
    tempo_container,
)
from plan.containers import local_disk
from render.names import OTLP_GRPC_PORT, TEMPO, TEMPO_HTTP_PORT, headless
from settings.tempo import Tempo

_PORTS = PORTS | OTLP_PORTS
# Tempo cuts its block and stops its ingester within a second of SIGTERM. After a query within the last minute, its
# query frontend never stops by itself (grafana/tempo#7967, every 2.x). Twenty seconds are ample for the former;
# waiting for the latter would only lengthen the restart.
_GRACE_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class TempoMonolithArgs:
    """Settings, the rendered files and the way to the bucket."""

    context: Context
    image: str
    settings: Tempo
    files: TempoFiles
    access: StoreAccess


class TempoMonolith(pulumi.ComponentResource):
    """One Tempo with a volume for its write-ahead log; traces survive the loss of its Pod."""

    http_endpoint: pulumi.Output[str]
    otlp_endpoint: pulumi.Output[str]

    def __init__(self, name: str, args: TempoMonolithArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create configuration, account, Services and StatefulSet, and a ServiceMonitor."""
        super().__init__("fawkes:tracing:TempoMonolith", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=TEMPO)
        config_maps = args.files.config_maps(scope)
        account = service_account(scope, scope.metadata(annotations=args.access.annotations()))
        host = service_host(service(scope, _PORTS))
        headless_service(scope, HeadlessServiceArgs(name=headless(TEMPO), pods=scope.pods, ports=_PORTS))
        apps.StatefulSet(
            scope.child("server"),
            metadata=scope.metadata(),
            spec=self._spec(config_maps, account.metadata.name),
            opts=scope.stateful_options,
        )
        service_monitor(scope, port=METRICS_PORT, job=TEMPO)
        self.http_endpoint = pulumi.Output.concat("http://", host, f":{TEMPO_HTTP_PORT}")
        self.otlp_endpoint = pulumi.Output.concat(host, f":{OTLP_GRPC_PORT}")
        self.register_outputs({"http_endpoint": self.http_endpoint, "otlp_endpoint": self.otlp_endpoint})

    def _spec(self, config_maps: TempoConfigMaps, account: pulumi.Output[str]) -> apps.StatefulSetSpecArgs:
        args, scope = self._args, self._scope
        return apps.StatefulSetSpecArgs(
            service_name=headless(TEMPO),
            replicas=1,
            selector=scope.selector,
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(
                    labels=scope.labels,
                    annotations={CONFIG_CHECKSUM: args.files.checksum(), **args.access.pod_annotations()},
                ),
                spec=pod(
                    PodArgs(
                        context=args.context,
                        service_account=account,
                        container=self._container(config_maps),
                        volumes=[
                            *config_maps.volumes(),
                            *args.access.volumes(needs_object_store=True),
                            *certificate_volumes(config_maps.certificates),
                        ],
                        grace_seconds=_GRACE_SECONDS,
                    )
                ),
            ),
            volume_claim_templates=[volumes.claim_template(scope, DATA_VOLUME, args.settings.volume_size_gib)],
            persistent_volume_claim_retention_policy=volumes.claim_retention(args.context.environment),
        )

    def _container(self, config_maps: TempoConfigMaps) -> core.ContainerArgs:
        return tempo_container(
            TempoContainerArgs(
                name=TEMPO,
                image=self._args.image,
                resources=self._args.settings.resources,
                disk=local_disk(),
                ports=_PORTS,
                config_maps=config_maps,
                access=self._args.access,
                needs_object_store=True,
            )
        )
