"""The collector on each node."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta
from pulumi_kubernetes.rbac import v1 as rbac

from components.collectors import common as collector
from components.kubernetes import containers
from components.kubernetes.labels import labels, selector
from components.kubernetes.service_monitor import ServiceMonitorArgs, service_monitor
from plan.containers import go_memory_limit_mib
from render.collectors.agent import NODE_NAME_VARIABLE
from render.names import AGENT, OTLP_GRPC_PORT, OTLP_HTTP_PORT
from render.text import files_checksum
from settings.collectors import Agent
from settings.environment import Environment
from settings.grafana import Grafana

# What is under way to a gateway has GATEWAY_TIMEOUT_SECONDS to arrive; retries end at the signal, and the queue is
# on the disk already. Applications that are sending are answered as soon as their batch is in it.
_GRACE_SECONDS = 30
_READ = ["get", "list", "watch"]
_RBAC_GROUP = "rbac.authorization.k8s.io"


@dataclass(frozen=True, kw_only=True)
class CollectorAgentArgs:
    """Wiring, settings and the rendered configuration."""

    namespace: pulumi.Input[str]
    environment: Environment
    image: str
    settings: Agent
    config: str
    grafana: Grafana


class CollectorAgent(pulumi.ComponentResource):
    """A DaemonSet behind a Service that never leaves the node.

    The restricted Pod Security profile forbids host ports, so an application reaches the agent of
    its own node through the Service's local traffic policy.
    """

    otlp_grpc_endpoint: pulumi.Output[str]
    otlp_http_endpoint: pulumi.Output[str]

    def __init__(self, name: str, args: CollectorAgentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create configuration, account with its permissions, Service and DaemonSet."""
        super().__init__("fawkes:tracing:CollectorAgent", name, None, opts)
        self._name, self._args, self._labels = name, args, labels(args.environment, AGENT)
        self._child = pulumi.ResourceOptions(parent=self)
        self._metadata = meta.ObjectMetaArgs(name=AGENT, namespace=args.namespace, labels=self._labels)
        config = containers.config_map(
            f"{name}-config", self, args.namespace, self._labels, {collector.CONFIG_FILE: args.config}
        )
        account = core.ServiceAccount(
            f"{name}-account", metadata=self._metadata, automount_service_account_token=False, opts=self._child
        )
        self._may_read_pods(account)
        service = self._service()
        apps.DaemonSet(
            f"{name}-daemon",
            metadata=self._metadata,
            spec=self._spec(config.metadata.name, account.metadata.name),
            opts=self._child,
        )
        self._service_monitor()
        host = pulumi.Output.concat(service.metadata.name, ".", service.metadata.namespace, ".svc")
        self.otlp_grpc_endpoint = pulumi.Output.concat("http://", host, f":{OTLP_GRPC_PORT}")
        self.otlp_http_endpoint = pulumi.Output.concat("http://", host, f":{OTLP_HTTP_PORT}")
        self.register_outputs(
            {"otlp_grpc_endpoint": self.otlp_grpc_endpoint, "otlp_http_endpoint": self.otlp_http_endpoint}
        )

    def _service(self) -> core.Service:
        return core.Service(
            f"{self._name}-service",
            metadata=self._metadata,
            spec=core.ServiceSpecArgs(
                internal_traffic_policy="Local",
                selector=selector(AGENT),
                ports=containers.service_ports(collector.PORTS),
            ),
            opts=self._child,
        )

    def _service_monitor(self) -> None:
        args = self._args
        service_monitor(
            f"{self._name}-monitor",
            self,
            ServiceMonitorArgs(
                namespace=args.namespace,
                environment=args.environment,
                component=AGENT,
                port=collector.METRICS_PORT,
                job=AGENT,
                grafana=args.grafana,
            ),
        )

    def _may_read_pods(self, account: core.ServiceAccount) -> None:
        """Allow what k8s_attributes reads: Pods of all namespaces, and their namespaces."""
        metadata = meta.ObjectMetaArgs(
            # Cluster-wide names carry the namespace, so that two installations do not fight.
            name=pulumi.Output.concat(account.metadata.namespace, "-", AGENT),
            labels=self._labels,
        )
        role = rbac.ClusterRole(
            f"{self._name}-pods-role",
            metadata=metadata,
            rules=[rbac.PolicyRuleArgs(api_groups=[""], resources=["pods", "namespaces"], verbs=_READ)],
            opts=self._child,
        )
        rbac.ClusterRoleBinding(
            f"{self._name}-pods-binding",
            metadata=metadata,
            role_ref=rbac.RoleRefArgs(api_group=_RBAC_GROUP, kind="ClusterRole", name=role.metadata.name),
            subjects=[_subject(account)],
            opts=self._child,
        )

    def _spec(self, config: pulumi.Output[str], account: pulumi.Output[str]) -> apps.DaemonSetSpecArgs:
        args = self._args
        resources = args.settings.resources
        container = collector.collector_container(
            args.image,
            containers.resources(resources),
            go_memory_limit_mib(resources.memory_limit_mib),
            env=[containers.from_field(NODE_NAME_VARIABLE, "spec.nodeName")],
        )
        volumes = [
            containers.config_volume(collector.CONFIG_VOLUME, config),
            containers.scratch_volume(collector.QUEUE_VOLUME, args.settings.queue_volume_mib),
        ]
        return apps.DaemonSetSpecArgs(
            selector=meta.LabelSelectorArgs(match_labels=selector(AGENT)),
            template=core.PodTemplateSpecArgs(
                metadata=meta.ObjectMetaArgs(
                    labels=self._labels,
                    annotations={containers.CONFIG_CHECKSUM: files_checksum({collector.CONFIG_FILE: args.config})},
                ),
                spec=collector.collector_pod(
                    account,
                    container,
                    volumes,
                    collector.PodRules(
                        grace_seconds=_GRACE_SECONDS,
                        reads_the_api=True,
                        # Every taint: applications that bear one have no other agent (docs/adr/0004).
                        tolerations=[core.TolerationArgs(operator="Exists")],
                    ),
                ),
            ),
        )


def _subject(account: core.ServiceAccount) -> rbac.SubjectArgs:
    return rbac.SubjectArgs(
        kind="ServiceAccount", name=account.metadata.name, namespace=account.metadata.namespace
    )
