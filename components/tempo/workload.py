"""One component of a Tempo of microservices: its Pods, its Service, and what scales and watches them."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes import containers
from components.kubernetes.autoscaler import AutoscalerArgs, autoscaler
from components.kubernetes.labels import labels, selector
from components.kubernetes.service_monitor import ServiceMonitorArgs, service_monitor
from components.tempo.pod import TempoPodArgs, pod_labels, tempo_pod, workload_ports
from components.tempo.process import DATA_VOLUME, METRICS_PORT, service_host
from plan.tempo.majors import DISTRIBUTOR
from render.names import tempo_component
from settings.environment import Environment
from settings.grafana import Grafana

# Of Tempo's charts, for distributors: a process counts when it was ready this long, so that an update stops at
# one that dies of its configuration.
_MIN_READY_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class TempoWorkloadSetArgs:
    """Wiring, the Pod with the workload as planned, and the digest of the texts that it reads."""

    namespace: pulumi.Input[str]
    environment: Environment
    pod: TempoPodArgs
    config_checksum: str
    grafana: Grafana


class TempoWorkloadSet(pulumi.ComponentResource):
    """A Deployment, or a StatefulSet where each replica is somebody: it has a volume, a log, or a partition."""

    host: pulumi.Output[str]

    def __init__(self, name: str, args: TempoWorkloadSetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create Service and workload, and where wanted an autoscaler and a ServiceMonitor."""
        super().__init__("fawkes:tracing:TempoWorkloadSet", name, None, opts)
        self._name, self._args, self._workload = name, args, args.pod.workload
        self._component = tempo_component(self._workload.name)
        self._labels = labels(args.environment, self._component)
        service = self._service()
        if self._workload.kind == "statefulset":
            self._stateful_set()
        else:
            self._deployment()
        self._autoscaler()
        self._service_monitor()
        self.host = service_host(service)
        self.register_outputs({"host": self.host})

    def _metadata(self) -> meta.ObjectMetaArgs:
        return meta.ObjectMetaArgs(name=self._component, namespace=self._args.namespace, labels=self._labels)

    def _service(self) -> core.Service:
        """Return the Service, headless where callers choose among the replicas themselves.

        A StatefulSet's gives each replica its name. Of distributors a gateway learns all addresses, and has
        a connection to each: a connection of gRPC lasts, and through one virtual address it would have one.
        """
        workload = self._workload
        headless = workload.kind == "statefulset" or workload.target == DISTRIBUTOR
        return core.Service(
            f"{self._name}-service",
            metadata=self._metadata(),
            spec=core.ServiceSpecArgs(
                cluster_ip="None" if headless else None,
                selector=selector(self._component),
                ports=containers.service_ports(workload_ports(workload)),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _deployment(self) -> None:
        apps.Deployment(
            f"{self._name}-server",
            metadata=self._metadata(),
            spec=apps.DeploymentSpecArgs(
                replicas=self._replicas(),
                min_ready_seconds=_MIN_READY_SECONDS,
                # Never fewer than planned, of one too: upstream's one fewer would be none. One more for a while.
                strategy=apps.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=apps.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
                ),
                selector=meta.LabelSelectorArgs(match_labels=selector(self._component)),
                template=self._template(),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _stateful_set(self) -> None:
        environment = self._args.environment
        keeps_data = self._workload.volume_size_gib is not None
        apps.StatefulSet(
            f"{self._name}-server",
            metadata=self._metadata(),
            spec=apps.StatefulSetSpecArgs(
                service_name=self._component,
                replicas=self._replicas(),
                # One does not wait for another at a start; an update still goes one by one.
                pod_management_policy="Parallel",
                selector=meta.LabelSelectorArgs(match_labels=selector(self._component)),
                template=self._template(),
                volume_claim_templates=self._claims(),
                persistent_volume_claim_retention_policy=(
                    containers.claim_retention(environment) if keeps_data else None
                ),
            ),
            opts=containers.stateful(self, environment) if keeps_data else pulumi.ResourceOptions(parent=self),
        )

    def _is_scaled(self) -> bool:
        return self._workload.max_replicas > self._workload.replicas

    def _replicas(self) -> int | None:
        """Return the replicas, None where an autoscaler has them: each `up` would else undo what it did."""
        return None if self._is_scaled() else self._workload.replicas

    def _claims(self) -> list[core.PersistentVolumeClaimArgs] | None:
        size_gib = self._workload.volume_size_gib
        return None if size_gib is None else [containers.claim_template(DATA_VOLUME, size_gib, self._component)]

    def _template(self) -> core.PodTemplateSpecArgs:
        args = self._args
        return core.PodTemplateSpecArgs(
            metadata=meta.ObjectMetaArgs(
                labels=pod_labels(args.environment, self._workload),
                annotations={
                    containers.CONFIG_CHECKSUM: args.config_checksum,
                    **args.pod.access.pod_annotations(),
                },
            ),
            spec=tempo_pod(args.pod),
        )

    def _autoscaler(self) -> None:
        workload = self._workload
        if self._is_scaled():
            autoscaler(
                f"{self._name}-autoscaler",
                self,
                AutoscalerArgs(
                    namespace=self._args.namespace,
                    labels=self._labels,
                    kind="StatefulSet" if workload.kind == "statefulset" else "Deployment",
                    name=self._component,
                    least=workload.replicas,
                    most=workload.max_replicas,
                ),
            )

    def _service_monitor(self) -> None:
        args = self._args
        service_monitor(
            f"{self._name}-monitor",
            self,
            ServiceMonitorArgs(
                namespace=args.namespace,
                environment=args.environment,
                component=self._component,
                port=METRICS_PORT,
                job=self._workload.target,
                grafana=args.grafana,
            ),
        )
