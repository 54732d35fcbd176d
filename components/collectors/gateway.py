"""The collectors that see whole traces."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.collectors import common as collector
from components.kubernetes import containers, placement
from components.kubernetes.disruption_budget import DisruptionBudgetArgs, disruption_budget
from components.kubernetes.labels import labels, selector
from components.kubernetes.service_monitor import ServiceMonitorArgs, service_monitor
from plan.gateway import GatewayPlan
from render.names import GATEWAY
from render.text import files_checksum
from settings.collectors import Gateway
from settings.environment import Environment
from settings.grafana import Grafana

# At the signal the undecided traces of a whole wait are decided at once, and what is kept of them is scrubbed and
# written to the queue: seconds of CPU at the peak. What is under way to Tempo has the exporter's 5 s to arrive.
_GRACE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class CollectorGatewayArgs:
    """Wiring, settings, sizes and the rendered configuration."""

    namespace: pulumi.Input[str]
    environment: Environment
    image: str
    settings: Gateway
    plan: GatewayPlan
    config: str
    grafana: Grafana


class CollectorGateway(pulumi.ComponentResource):
    """A StatefulSet, because each gateway's queue is on a volume that must find it again (docs/adr/0002)."""

    service_name: pulumi.Output[str]

    def __init__(self, name: str, args: CollectorGatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create configuration, account, Service and StatefulSet."""
        super().__init__("fawkes:tracing:CollectorGateway", name, None, opts)
        self._args, self._labels = args, labels(args.environment, GATEWAY)
        child = pulumi.ResourceOptions(parent=self)
        metadata = meta.ObjectMetaArgs(name=GATEWAY, namespace=args.namespace, labels=self._labels)
        config = containers.config_map(
            f"{name}-config", self, args.namespace, self._labels, {collector.CONFIG_FILE: args.config}
        )
        account = core.ServiceAccount(
            f"{name}-account", metadata=metadata, automount_service_account_token=False, opts=child
        )
        service = core.Service(
            f"{name}-service",
            metadata=metadata,
            # Headless: agents choose the gateway of each trace themselves, among the addresses that DNS gives.
            spec=core.ServiceSpecArgs(
                cluster_ip="None",
                selector=selector(GATEWAY),
                ports=containers.service_ports(collector.PORTS),
            ),
            opts=child,
        )
        apps.StatefulSet(
            f"{name}-server",
            metadata=metadata,
            spec=self._spec(config.metadata.name, account.metadata.name),
            opts=containers.stateful(self, args.environment),
        )
        self._budget(name)
        self._service_monitor(name)
        self.service_name = service.metadata.name
        self.register_outputs({"service_name": self.service_name})

    def _budget(self, name: str) -> None:
        """Have drains take one at a time: a gateway that must stop decides on traces of which it has a part."""
        args = self._args
        disruption_budget(
            f"{name}-budget",
            self,
            DisruptionBudgetArgs(
                name=GATEWAY,
                namespace=args.namespace,
                labels=self._labels,
                pods=selector(GATEWAY),
                replicas=args.settings.replicas,
            ),
        )

    def _service_monitor(self, name: str) -> None:
        args = self._args
        service_monitor(
            f"{name}-monitor",
            self,
            ServiceMonitorArgs(
                namespace=args.namespace,
                environment=args.environment,
                component=GATEWAY,
                port=collector.METRICS_PORT,
                job=GATEWAY,
                grafana=args.grafana,
            ),
        )

    def _spec(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> apps.StatefulSetSpecArgs:
        args = self._args
        return apps.StatefulSetSpecArgs(
            service_name=GATEWAY,
            replicas=args.settings.replicas,
            # One does not wait for another; an update still goes one by one.
            pod_management_policy="Parallel",
            selector=meta.LabelSelectorArgs(match_labels=selector(GATEWAY)),
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(
                    labels=self._labels,
                    annotations={containers.CONFIG_CHECKSUM: files_checksum({collector.CONFIG_FILE: args.config})},
                ),
                spec=collector.collector_pod(
                    account,
                    self._container(),
                    [containers.config_volume(collector.CONFIG_VOLUME, config)],
                    collector.PodRules(
                        grace_seconds=_GRACE_SECONDS,
                        spread=placement.spread(selector(GATEWAY)) if args.settings.replicas > 1 else (),
                    ),
                ),
            ),
            volume_claim_templates=[
                containers.claim_template(collector.QUEUE_VOLUME, args.settings.queue_volume_gib, GATEWAY)
            ],
            persistent_volume_claim_retention_policy=containers.claim_retention(args.environment),
        )

    def _container(self) -> core.ContainerArgs:
        settings, plan = self._args.settings, self._args.plan
        # Request and limit of memory are the same: a gateway that is evicted under pressure loses
        # every undecided trace.
        resources = core.ResourceRequirementsArgs(
            requests=containers.quantities(settings.cpu_request_millicores, plan.memory_limit_mib),
            limits=containers.quantities(settings.cpu_limit_millicores, plan.memory_limit_mib),
        )
        return collector.collector_container(self._args.image, resources, plan.go_memory_limit_mib)
