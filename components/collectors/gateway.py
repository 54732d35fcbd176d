"""Gateways: the collectors that see whole traces."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.collectors import common as collector
from components.context import Context
from components.kubernetes import containers, placement, volumes
from components.kubernetes.certificate_files import certificate_volumes
from components.kubernetes.config_map import config_map
from components.kubernetes.disruption_budget import disruption_budget
from components.kubernetes.pods import CONFIG_CHECKSUM, PodArgs, pod
from components.kubernetes.scope import Scope
from components.kubernetes.service import service
from components.kubernetes.service_account import service_account
from components.kubernetes.service_monitor import service_monitor
from plan.containers import local_disk
from plan.gateway import GatewayPlan
from plan.memory_limiter import GATEWAY_GC_PERCENTAGE
from render.certificates import SecretFile
from render.collectors.gateway import FEATURE_GATES
from render.names import GATEWAY
from settings.collectors import Gateway

# At SIGTERM a gateway decides at once on all traces of a whole decision wait, scrubs what it keeps and writes it
# to the queue: seconds of CPU at the peak. Requests in flight to Tempo have the exporter's timeout of 5 s.
_GRACE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class CollectorGatewayArgs:
    """Settings, planned sizes, the rendered configuration and the files of certificates."""

    context: Context
    image: str
    settings: Gateway
    plan: GatewayPlan
    config: str
    certificates: Sequence[SecretFile] = ()


class CollectorGateway(pulumi.ComponentResource):
    """A StatefulSet, because a restarted gateway must find its queue's volume again (docs/adr/0002)."""

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: CollectorGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create configuration, account, Service and StatefulSet, with a budget and a ServiceMonitor."""
        super().__init__("fawkes:tracing:CollectorGateway", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=GATEWAY)
        config = config_map(scope, collector.config_files(args.config))
        account = service_account(scope)
        # Headless: an agent chooses the gateway of each trace itself, among all addresses that DNS returns.
        gateways = service(scope, collector.PORTS, headless=True)
        apps.StatefulSet(
            scope.child("server"),
            metadata=scope.metadata(),
            spec=self._spec(config.metadata.name, account.metadata.name),
            opts=scope.stateful_options,
        )
        # One eviction at a time: a gateway that stops decides on traces of which it has seen only a part.
        disruption_budget(scope, args.settings.replicas)
        service_monitor(scope, port=collector.METRICS_PORT, job=GATEWAY)
        self.service_name = gateways.metadata.name
        self.register_outputs({"service_name": self.service_name})

    def _spec(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> apps.StatefulSetSpecArgs:
        settings, scope = self._args.settings, self._scope
        return apps.StatefulSetSpecArgs(
            service_name=GATEWAY,
            replicas=settings.replicas,
            # Gateways start independently of each other; updates still go one by one.
            pod_management_policy="Parallel",
            selector=scope.selector,
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(
                    labels=scope.labels,
                    annotations={CONFIG_CHECKSUM: collector.config_checksum(self._args.config)},
                ),
                spec=self._pod(config, account),
            ),
            volume_claim_templates=[
                volumes.claim_template(scope, collector.QUEUE_VOLUME, settings.queue_volume_gib)
            ],
            persistent_volume_claim_retention_policy=volumes.claim_retention(self._args.context.environment),
        )

    def _pod(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> core.PodSpecArgs:
        return pod(
            PodArgs(
                context=self._args.context,
                service_account=account,
                container=self._container(),
                volumes=[
                    volumes.config_volume(collector.CONFIG_VOLUME, config),
                    *certificate_volumes(self._args.certificates),
                ],
                grace_seconds=_GRACE_SECONDS,
                spread=placement.spread(self._scope.pods) if self._args.settings.replicas > 1 else (),
            )
        )

    def _container(self) -> core.ContainerArgs:
        settings, plan, disk = self._args.settings, self._args.plan, local_disk()
        # Memory request and limit are equal: a gateway evicted under memory pressure loses every undecided trace.
        resources = core.ResourceRequirementsArgs(
            requests=containers.quantities(
                settings.cpu_request_millicores, plan.memory_limit_mib, disk.request_mib
            ),
            limits=containers.quantities(settings.cpu_limit_millicores, plan.memory_limit_mib, disk.limit_mib),
        )
        return collector.collector_container(
            collector.CollectorContainer(
                image=self._args.image,
                resources=resources,
                go_memory_limit_mib=plan.go_memory_limit_mib,
                env=[containers.go_gc_percentage(GATEWAY_GC_PERCENTAGE)],
                feature_gates=FEATURE_GATES,
                certificates=self._args.certificates,
            )
        )
