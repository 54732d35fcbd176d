"""Tempo's cache: bloom filters and footers that every querier would else read from the store each time."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes import containers, placement
from components.kubernetes.disruption_budget import DisruptionBudgetArgs, disruption_budget
from components.kubernetes.labels import labels, selector
from plan.tempo import memcached
from render.names import MEMCACHED, MEMCACHED_PORT, MEMCACHED_PORT_NAME
from settings.environment import Environment

# The port's name is part of what Tempo's client asks the DNS for.
_PORTS = {MEMCACHED_PORT_NAME: MEMCACHED_PORT}
# As in Tempo's jsonnet: items of up to 5 MiB, because footers of large blocks are megabytes.
_LARGEST_ITEM = "5m"
_MOST_CONNECTIONS = 4096


@dataclass(frozen=True, kw_only=True)
class MemcachedArgs:
    """Wiring, and how many there are: each holds a part of the items, none a copy."""

    namespace: pulumi.Input[str]
    environment: Environment
    image: str
    replicas: int
    service_account: pulumi.Input[str]


class Memcached(pulumi.ComponentResource):
    """A StatefulSet without volumes, for its names alone.

    Tempo's client hashes each key over the servers' names, which it has from the headless Service. With the
    names of a Deployment, new with each Pod, every restart would move most keys to another server.
    """

    host: pulumi.Output[str]

    def __init__(self, name: str, args: MemcachedArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create Service, StatefulSet and budget."""
        super().__init__("fawkes:tracing:Memcached", name, None, opts)
        self._name, self._args, self._labels = name, args, labels(args.environment, MEMCACHED)
        service = self._service()
        self._stateful_set()
        self._budget()
        self.host = pulumi.Output.concat(service.metadata.name, ".", service.metadata.namespace, ".svc")
        self.register_outputs({"host": self.host})

    def _metadata(self) -> meta.ObjectMetaArgs:
        return meta.ObjectMetaArgs(name=MEMCACHED, namespace=self._args.namespace, labels=self._labels)

    def _service(self) -> core.Service:
        return core.Service(
            f"{self._name}-service",
            metadata=self._metadata(),
            spec=core.ServiceSpecArgs(
                cluster_ip="None", selector=selector(MEMCACHED), ports=containers.service_ports(_PORTS)
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _stateful_set(self) -> None:
        apps.StatefulSet(
            f"{self._name}-server",
            metadata=self._metadata(),
            spec=apps.StatefulSetSpecArgs(
                service_name=MEMCACHED,
                replicas=self._args.replicas,
                # Nothing is handed over between them.
                pod_management_policy="Parallel",
                selector=meta.LabelSelectorArgs(match_labels=selector(MEMCACHED)),
                template=core.PodTemplateSpecArgs(
                    metadata=meta.ObjectMetaArgs(labels=self._labels), spec=self._pod()
                ),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _pod(self) -> core.PodSpecArgs:
        return core.PodSpecArgs(
            service_account_name=self._args.service_account,
            automount_service_account_token=False,
            enable_service_links=False,
            # It forgets what it holds, whenever it ends.
            termination_grace_period_seconds=containers.SHORT_GRACE_SECONDS,
            security_context=containers.pod_security(),
            topology_spread_constraints=placement.spread(selector(MEMCACHED)) if self._args.replicas > 1 else None,
            containers=[self._container()],
        )

    def _container(self) -> core.ContainerArgs:
        return core.ContainerArgs(
            name="memcached",
            image=self._args.image,
            args=["-m", str(memcached.ITEMS_MIB), "-I", _LARGEST_ITEM, "-c", str(_MOST_CONNECTIONS)],
            ports=containers.ports(_PORTS),
            resources=containers.resources(memcached.RESOURCES),
            security_context=containers.container_security(),
            readiness_probe=containers.tcp_probe(MEMCACHED_PORT_NAME, period_seconds=5),
            liveness_probe=containers.tcp_probe(MEMCACHED_PORT_NAME, period_seconds=20),
        )

    def _budget(self) -> None:
        disruption_budget(
            f"{self._name}-budget",
            self,
            DisruptionBudgetArgs(
                name=MEMCACHED,
                namespace=self._args.namespace,
                labels=self._labels,
                pods=selector(MEMCACHED),
                replicas=self._args.replicas,
            ),
        )
