"""Tempo's cache of bloom filters and Parquet footers, which saves queriers a read from the bucket each time."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes import containers, placement
from components.kubernetes.disruption_budget import disruption_budget
from components.kubernetes.pods import SHORT_GRACE_SECONDS, PodArgs, pod
from components.kubernetes.scope import Scope
from components.kubernetes.service import service, service_host
from plan.containers import local_disk
from plan.tempo import memcached
from render.names import MEMCACHED, MEMCACHED_PORT, MEMCACHED_PORT_NAME

# Tempo's client looks up the port by its name in DNS.
_PORTS = {MEMCACHED_PORT_NAME: MEMCACHED_PORT}
# As in Tempo's jsonnet: items of up to 5 MiB, because footers of large blocks are megabytes.
_MAX_ITEM_SIZE = "5m"
_MAX_CONNECTIONS = 4096


@dataclass(frozen=True, kw_only=True)
class MemcachedArgs:
    """Each of the `replicas` holds a part of the items, none a copy."""

    context: Context
    image: str
    replicas: int
    service_account: pulumi.Input[str]


class Memcached(pulumi.ComponentResource):
    """A StatefulSet without volumes, for its stable names.

    Tempo's client hashes each key over the servers' names, which the headless Service resolves. A Deployment gives
    each Pod a new name, so every restart would move most keys to another server.
    """

    host: pulumi.Output[str]

    def __init__(self, name: str, args: MemcachedArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create Service, StatefulSet and budget."""
        super().__init__("fawkes:tracing:Memcached", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=MEMCACHED)
        self.host = service_host(service(scope, _PORTS, headless=True))
        self._stateful_set()
        disruption_budget(scope, args.replicas)
        self.register_outputs({"host": self.host})

    def _stateful_set(self) -> None:
        scope = self._scope
        apps.StatefulSet(
            scope.child("server"),
            metadata=scope.metadata(),
            spec=apps.StatefulSetSpecArgs(
                service_name=MEMCACHED,
                replicas=self._args.replicas,
                # The replicas are independent of each other.
                pod_management_policy="Parallel",
                selector=scope.selector,
                template=core.PodTemplateSpecArgs(
                    metadata=meta.ObjectMetaArgs(labels=scope.labels), spec=self._pod()
                ),
            ),
            opts=scope.options,
        )

    def _pod(self) -> core.PodSpecArgs:
        return pod(
            PodArgs(
                context=self._args.context,
                service_account=self._args.service_account,
                container=self._container(),
                # A cache loses its contents whenever it stops.
                grace_seconds=SHORT_GRACE_SECONDS,
                spread=placement.spread(self._scope.pods) if self._args.replicas > 1 else (),
            )
        )

    def _container(self) -> core.ContainerArgs:
        return core.ContainerArgs(
            name="memcached",
            image=self._args.image,
            args=["-m", str(memcached.ITEMS_MIB), "-I", _MAX_ITEM_SIZE, "-c", str(_MAX_CONNECTIONS)],
            ports=containers.ports(_PORTS),
            resources=containers.resources(memcached.RESOURCES, local_disk()),
            security_context=containers.container_security(),
            readiness_probe=containers.tcp_probe(MEMCACHED_PORT_NAME, period_seconds=5),
            liveness_probe=containers.tcp_probe(MEMCACHED_PORT_NAME, period_seconds=20),
        )
