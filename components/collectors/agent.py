"""Agents: a collector on each node."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta
from pulumi_kubernetes.rbac import v1 as rbac
from pulumi_kubernetes.scheduling import v1 as scheduling

from components.collectors import common as collector
from components.collectors.span_metrics import span_metrics_endpoint, span_metrics_ports
from components.context import Context
from components.kubernetes import containers, placement, volumes
from components.kubernetes.certificate_files import certificate_volumes
from components.kubernetes.config_map import config_map
from components.kubernetes.pods import CONFIG_CHECKSUM, PodArgs, pod
from components.kubernetes.scope import Scope
from components.kubernetes.service import service, service_host
from components.kubernetes.service_account import service_account
from components.kubernetes.service_monitor import service_monitor
from plan.containers import local_disk
from plan.memory_limiter import collector_go_memory_limit_mib
from render.certificates import SecretFile
from render.collectors.agent import NODE_NAME_VARIABLE
from render.names import AGENT, OTLP_GRPC_PORT, OTLP_HTTP_PORT
from settings.collectors import Agent
from settings.span_metrics import SpanMetrics

# Requests in flight to a gateway have GATEWAY_TIMEOUT_SECONDS to arrive; retries stop at SIGTERM, and the queue is
# on disk already. Applications get their answer as soon as their batch is in the queue.
_GRACE_SECONDS = 30
# One node at a time, the default, may take 40 s a node, its grace period and a start: with 23 nodes longer than a
# deployment waits. A tenth of any number of nodes takes at most ten times as long as one node.
_UPDATED_TOGETHER = "10%"
# Above 0, which Pods without a class have: a DaemonSet's Pod fits one node only, so on a full node it must be able
# to preempt. Far below the classes of the system, from two billion.
_PRIORITY = 1_000_000
_READ = ["get", "list", "watch"]
_RBAC_GROUP = "rbac.authorization.k8s.io"


@dataclass(frozen=True, kw_only=True)
class CollectorAgentArgs:
    """Settings, the rendered configuration, and the files of certificates.

    `encrypted` says that applications connect by TLS. With `span_metrics_authority` Prometheus does.
    """

    context: Context
    image: str
    settings: Agent
    span_metrics: SpanMetrics
    config: str
    encrypted: bool = False
    span_metrics_authority: SecretFile | None = None
    certificates: Sequence[SecretFile] = ()


class CollectorAgent(pulumi.ComponentResource):
    """A DaemonSet behind a Service whose traffic stays on its node.

    The restricted Pod Security profile forbids host ports, so an application reaches its node's agent through the
    Service's internal traffic policy `Local`.
    """

    otlp_grpc_endpoint: pulumi.Output[str]
    otlp_http_endpoint: pulumi.Output[str]

    def __init__(self, name: str, args: CollectorAgentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create configuration, account and permissions, priority, Service, DaemonSet, and a ServiceMonitor."""
        super().__init__("fawkes:tracing:CollectorAgent", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=AGENT)
        config = config_map(scope, collector.config_files(args.config))
        account = service_account(scope)
        self._allow_reading_pods(account)
        self._priority_class = args.settings.priority_class or self._own_priority_class()
        self._span_metrics_ports = span_metrics_ports(args.span_metrics)
        agents = service(scope, collector.PORTS | self._span_metrics_ports, node_local=True)
        apps.DaemonSet(
            scope.child("daemon"),
            metadata=scope.metadata(),
            spec=self._spec(config.metadata.name, account.metadata.name),
            opts=scope.options,
        )
        host, scheme = service_host(agents), "https" if args.encrypted else "http"
        scraped = span_metrics_endpoint(args.span_metrics, host, args.span_metrics_authority)
        service_monitor(scope, port=collector.METRICS_PORT, job=AGENT, further=scraped)
        self.otlp_grpc_endpoint = pulumi.Output.concat(scheme, "://", host, f":{OTLP_GRPC_PORT}")
        self.otlp_http_endpoint = pulumi.Output.concat(scheme, "://", host, f":{OTLP_HTTP_PORT}")
        self.register_outputs(
            {"otlp_grpc_endpoint": self.otlp_grpc_endpoint, "otlp_http_endpoint": self.otlp_http_endpoint}
        )

    def _allow_reading_pods(self, account: core.ServiceAccount) -> None:
        """Grant what the processor k8s_attributes reads: the Pods of all namespaces, and the namespaces."""
        scope = self._scope
        metadata = meta.ObjectMetaArgs(
            # Cluster-wide names include the namespace, so that two installations do not collide.
            name=pulumi.Output.concat(account.metadata.namespace, "-", AGENT),
            labels=scope.labels,
        )
        role = rbac.ClusterRole(
            scope.child("pods-role"),
            metadata=metadata,
            rules=[rbac.PolicyRuleArgs(api_groups=[""], resources=["pods", "namespaces"], verbs=_READ)],
            opts=scope.options,
        )
        rbac.ClusterRoleBinding(
            scope.child("pods-binding"),
            metadata=metadata,
            role_ref=rbac.RoleRefArgs(api_group=_RBAC_GROUP, kind="ClusterRole", name=role.metadata.name),
            subjects=[_subject(account)],
            opts=scope.options,
        )

    def _own_priority_class(self) -> pulumi.Output[str]:
        scope = self._scope
        found = scheduling.PriorityClass(
            scope.child("priority-class"),
            metadata=meta.ObjectMetaArgs(
                # The namespace comes last, because names that begin with `system-` are reserved.
                name=pulumi.Output.concat(f"{AGENT}-", scope.context.namespace),
                labels=scope.labels,
            ),
            value=_PRIORITY,
            preemption_policy="PreemptLowerPriority",
            description="Agents of distributed tracing: each node's applications have no other.",
            opts=scope.options,
        )
        return found.metadata.name

    def _spec(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> apps.DaemonSetSpecArgs:
        scope = self._scope
        return apps.DaemonSetSpecArgs(
            selector=scope.selector,
            update_strategy=apps.DaemonSetUpdateStrategyArgs(
                type="RollingUpdate",
                rolling_update=apps.RollingUpdateDaemonSetArgs(max_unavailable=_UPDATED_TOGETHER),
            ),
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(
                    labels=scope.labels,
                    annotations={CONFIG_CHECKSUM: collector.config_checksum(self._args.config)},
                ),
                spec=self._pod(config, account),
            ),
        )

    def _pod(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> core.PodSpecArgs:
        return pod(
            PodArgs(
                context=self._args.context,
                service_account=account,
                container=self._container(),
                volumes=[
                    volumes.config_volume(collector.CONFIG_VOLUME, config),
                    volumes.scratch_volume(collector.QUEUE_VOLUME, self._args.settings.queue_volume_mib),
                    *certificate_volumes(self._args.certificates),
                ],
                grace_seconds=_GRACE_SECONDS,
                mount_service_account_token=True,
                # Every taint: applications on tainted nodes have no other agent (docs/adr/0004).
                tolerations=[core.TolerationArgs(operator="Exists")],
                affinity=placement.not_on_fargate(),
                priority_class=self._priority_class,
            )
        )

    def _container(self) -> core.ContainerArgs:
        settings = self._args.settings
        resources = settings.resources
        return collector.collector_container(
            collector.CollectorContainer(
                image=self._args.image,
                resources=containers.resources(resources, local_disk(settings.queue_volume_mib)),
                go_memory_limit_mib=collector_go_memory_limit_mib(resources.memory_limit_mib),
                env=[containers.from_field(NODE_NAME_VARIABLE, "spec.nodeName")],
                ports=self._span_metrics_ports,
                certificates=self._args.certificates,
            )
        )


def _subject(account: core.ServiceAccount) -> rbac.SubjectArgs:
    return rbac.SubjectArgs(
        kind="ServiceAccount", name=account.metadata.name, namespace=account.metadata.namespace
    )
