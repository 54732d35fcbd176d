"""One Tempo component in microservices mode: its Service and Pods, its autoscaler and ServiceMonitor."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes import volumes
from components.kubernetes.autoscaler import autoscaler, leaving_replicas
from components.kubernetes.pods import CONFIG_CHECKSUM
from components.kubernetes.scope import Scope
from components.kubernetes.service import service, service_host
from components.kubernetes.service_monitor import service_monitor
from components.tempo.pod import TempoPodArgs, pod_labels, tempo_pod, workload_ports
from components.tempo.process import DATA_VOLUME, METRICS_PORT
from plan.tempo.majors import DISTRIBUTOR
from render.names import tempo_component

# As in Tempo's charts, for distributors: a process counts as available after this long, so that a rollout stops at
# one that crashes on its configuration.
_MIN_READY_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class TempoWorkloadSetArgs:
    """The Pod with the workload as planned, and the digest of the files that it reads."""

    context: Context
    pod: TempoPodArgs
    config_checksum: str


class TempoWorkloadSet(pulumi.ComponentResource):
    """A Deployment, or a StatefulSet when replicas have an identity (volume, log, Kafka partition)."""

    host: pulumi.Output[str]

    def __init__(self, name: str, args: TempoWorkloadSetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create Service and workload, and as planned an autoscaler and a ServiceMonitor."""
        super().__init__("fawkes:tracing:TempoWorkloadSet", name, None, opts)
        self._args, self._workload = args, args.pod.workload
        self._scope = scope = Scope(
            parent=self, name=name, context=args.context, component=tempo_component(self._workload.name)
        )
        self.host = service_host(service(scope, workload_ports(self._workload), headless=self._is_headless()))
        if self._workload.kind == "statefulset":
            self._stateful_set()
        else:
            self._deployment()
        if self._workload.autoscaled:
            self._autoscaler()
        service_monitor(scope, port=METRICS_PORT, job=self._workload.target)
        self.register_outputs({"host": self.host})

    def _is_headless(self) -> bool:
        """Return whether clients choose among the replicas themselves.

        A StatefulSet's Service names each replica. A gateway resolves the addresses of all distributors and
        connects to each: gRPC connections are long-lived, and a virtual address would give it only one.
        """
        return self._workload.kind == "statefulset" or self._workload.target == DISTRIBUTOR

    def _deployment(self) -> None:
        apps.Deployment(
            self._scope.child("server"),
            metadata=self._scope.metadata(),
            spec=apps.DeploymentSpecArgs(
                replicas=self._workload.replicas,
                min_ready_seconds=_MIN_READY_SECONDS,
                # As long as the deployment waits: an earlier end would report failure while it still waits.
                progress_deadline_seconds=self._args.context.cluster.rollout_timeout_seconds,
                # Surge by one, never go below the planned count: with one replica, upstream's maxUnavailable: 1
                # would mean downtime.
                strategy=apps.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=apps.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
                ),
                selector=self._scope.selector,
                template=self._template(),
            ),
            opts=self._options(self._scope.options),
        )

    def _stateful_set(self) -> None:
        scope, size_gib = self._scope, self._workload.volume_size_gib
        keeps_data = size_gib is not None
        apps.StatefulSet(
            scope.child("server"),
            metadata=scope.metadata(),
            spec=apps.StatefulSetSpecArgs(
                service_name=scope.component,
                replicas=self._workload.replicas,
                # Replicas start independently of each other; updates still go one by one.
                pod_management_policy="Parallel",
                selector=scope.selector,
                template=self._template(),
                volume_claim_templates=self._claims(),
                persistent_volume_claim_retention_policy=(
                    volumes.claim_retention(scope.context.environment) if keeps_data else None
                ),
            ),
            opts=self._options(scope.stateful_options if keeps_data else scope.options),
        )

    def _options(self, usual: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
        """Return the workload's options; under an autoscaler `replicas` counts only when it is created."""
        return leaving_replicas(usual) if self._workload.autoscaled else usual

    def _claims(self) -> list[core.PersistentVolumeClaimArgs] | None:
        size_gib = self._workload.volume_size_gib
        if size_gib is None:
            return None
        return [volumes.claim_template(self._scope, DATA_VOLUME, size_gib)]

    def _template(self) -> core.PodTemplateSpecArgs:
        args = self._args
        return core.PodTemplateSpecArgs(
            metadata=meta.ObjectMetaArgs(
                labels=pod_labels(args.context.environment, self._workload),
                annotations={CONFIG_CHECKSUM: args.config_checksum, **args.pod.access.pod_annotations()},
            ),
            spec=tempo_pod(args.context, args.pod),
        )

    def _autoscaler(self) -> None:
        workload = self._workload
        autoscaler(
            self._scope,
            kind="StatefulSet" if workload.kind == "statefulset" else "Deployment",
            min_replicas=workload.replicas,
            max_replicas=workload.max_replicas,
        )
