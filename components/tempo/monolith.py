"""Tempo as one process."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes import containers
from components.kubernetes.headless_service import HeadlessServiceArgs, headless_service
from components.kubernetes.labels import labels, selector
from components.kubernetes.service_monitor import ServiceMonitorArgs, service_monitor
from components.storage.access import StoreAccess
from components.tempo.process import (
    CONFIG_VOLUME,
    DATA_VOLUME,
    METRICS_PORT,
    OTLP_PORTS,
    PORTS,
    TempoContainerArgs,
    TempoTexts,
    service_host,
    tempo_container,
)
from render.names import OTLP_GRPC_PORT, TEMPO, TEMPO_HTTP_PORT, headless
from settings.environment import Environment
from settings.grafana import Grafana
from settings.tempo import Tempo

_PORTS = PORTS | OTLP_PORTS
# Tempo cuts its block and stops its ingester within a second of the signal; but once it was queried within
# the last minute, its query frontend never ends by itself (grafana/tempo#7967, every 2.x). Twenty seconds
# are ample for the former, and all that waiting for the latter would add is a longer restart.
_GRACE_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class TempoMonolithArgs:
    """Wiring, settings and the rendered texts ('' for no overrides)."""

    namespace: pulumi.Input[str]
    environment: Environment
    image: str
    settings: Tempo
    config: str
    overrides: str
    access: StoreAccess
    grafana: Grafana


class TempoMonolith(pulumi.ComponentResource):
    """One Tempo with a volume for its write-ahead log; traces survive the loss of its Pod."""

    http_endpoint: pulumi.Output[str]
    otlp_endpoint: pulumi.Output[str]

    def __init__(self, name: str, args: TempoMonolithArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create configuration, account, Services and StatefulSet, and a ServiceMonitor where wanted."""
        super().__init__("fawkes:tracing:TempoMonolith", name, None, opts)
        self._name, self._args, self._labels = name, args, labels(args.environment, TEMPO)
        self._texts = TempoTexts(config=args.config, overrides=args.overrides)
        config = containers.config_map(f"{name}-config", self, args.namespace, self._labels, self._texts.files())
        account = self._account()
        service = self._service()
        self._governing_service()
        apps.StatefulSet(
            f"{name}-server",
            metadata=self._metadata(),
            spec=self._spec(config.metadata.name, account.metadata.name),
            opts=containers.stateful(self, args.environment),
        )
        self._service_monitor()
        host = service_host(service)
        self.http_endpoint = pulumi.Output.concat("http://", host, f":{TEMPO_HTTP_PORT}")
        self.otlp_endpoint = pulumi.Output.concat(host, f":{OTLP_GRPC_PORT}")
        self.register_outputs({"http_endpoint": self.http_endpoint, "otlp_endpoint": self.otlp_endpoint})

    def _metadata(self, annotations: dict[str, pulumi.Input[str]] | None = None) -> meta.ObjectMetaArgs:
        return meta.ObjectMetaArgs(
            name=TEMPO, namespace=self._args.namespace, labels=self._labels, annotations=annotations
        )

    def _account(self) -> core.ServiceAccount:
        return core.ServiceAccount(
            f"{self._name}-account",
            metadata=self._metadata(self._args.access.annotations()),
            automount_service_account_token=False,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _service(self) -> core.Service:
        return core.Service(
            f"{self._name}-service",
            metadata=self._metadata(),
            spec=core.ServiceSpecArgs(selector=selector(TEMPO), ports=containers.service_ports(_PORTS)),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _governing_service(self) -> None:
        headless_service(
            f"{self._name}-headless",
            self,
            HeadlessServiceArgs(
                name=headless(TEMPO),
                namespace=self._args.namespace,
                environment=self._args.environment,
                pods=selector(TEMPO),
                ports=_PORTS,
            ),
        )

    def _spec(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> apps.StatefulSetSpecArgs:
        args = self._args
        return apps.StatefulSetSpecArgs(
            service_name=headless(TEMPO),
            replicas=1,
            selector=meta.LabelSelectorArgs(match_labels=selector(TEMPO)),
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(
                    labels=self._labels,
                    annotations={
                        containers.CONFIG_CHECKSUM: self._texts.checksum(),
                        **args.access.pod_annotations(),
                    },
                ),
                spec=core.PodSpecArgs(
                    service_account_name=account,
                    automount_service_account_token=False,
                    enable_service_links=False,
                    termination_grace_period_seconds=_GRACE_SECONDS,
                    security_context=containers.pod_security(),
                    containers=[self._container()],
                    volumes=[containers.config_volume(CONFIG_VOLUME, config)],
                ),
            ),
            volume_claim_templates=[containers.claim_template(DATA_VOLUME, args.settings.volume_size_gib, TEMPO)],
            persistent_volume_claim_retention_policy=containers.claim_retention(args.environment),
        )

    def _container(self) -> core.ContainerArgs:
        return tempo_container(
            TempoContainerArgs(
                name=TEMPO,
                image=self._args.image,
                resources=self._args.settings.resources,
                ports=_PORTS,
                access=self._args.access,
                uses_store=True,
            )
        )

    def _service_monitor(self) -> None:
        args = self._args
        service_monitor(
            f"{self._name}-monitor",
            self,
            ServiceMonitorArgs(
                namespace=args.namespace,
                environment=args.environment,
                component=TEMPO,
                port=METRICS_PORT,
                job=TEMPO,
                grafana=args.grafana,
            ),
        )
