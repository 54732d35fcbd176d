"""Tempo in microservices mode: one workload for each component."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.context import Context
from components.kubernetes.disruption_budget import disruption_budget
from components.kubernetes.labels import selector
from components.kubernetes.scope import Scope
from components.kubernetes.service import HeadlessServiceArgs, headless_service
from components.kubernetes.service_account import service_account
from components.storage.access import StoreAccess
from components.tempo.memcached import Memcached, MemcachedArgs
from components.tempo.pod import GOSSIP_MEMBER, GOSSIP_PORTS, TempoPodArgs, target_selector
from components.tempo.process import PORTS, TempoFiles
from components.tempo.workload import TempoWorkloadSet, TempoWorkloadSetArgs
from plan.tempo.majors import DISTRIBUTOR, QUERY_FRONTEND
from plan.tempo.workloads import TempoWorkload
from render.names import (
    OTLP_GRPC_PORT,
    QUERY_FRONTEND_DISCOVERY,
    TEMPO,
    TEMPO_GOSSIP,
    TEMPO_HTTP_PORT,
    tempo_component,
)

# The account of all Pods that may use the bucket; an identity on Amazon is bound to this name.
STORE_ACCOUNT = TEMPO
_COMPUTE_ACCOUNT = tempo_component("compute")


@dataclass(frozen=True, kw_only=True)
class TempoMicroservicesArgs:
    """The workloads as planned, the rendered files and the way to the bucket."""

    context: Context
    image: str
    memcached_image: str
    workloads: tuple[TempoWorkload, ...]
    replication_factor: int
    require_zones: bool
    files: TempoFiles
    access: StoreAccess


class TempoMicroservices(pulumi.ComponentResource):
    """All of Tempo; clients find it by the Services of its distributors and query frontends."""

    http_endpoint: pulumi.Output[str]
    otlp_endpoint: pulumi.Output[str]

    def __init__(
        self, name: str, args: TempoMicroservicesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Create configuration, accounts, cache, workloads and budgets, and the Services between them."""
        super().__init__("fawkes:tracing:TempoMicroservices", name, None, opts)
        self._args = args
        self._scope = scope = Scope(parent=self, name=name, context=args.context, component=TEMPO)
        self._config_maps = args.files.config_maps(scope)
        account_metadata = scope.metadata(STORE_ACCOUNT, args.access.annotations())
        self._store_account = service_account(scope, account_metadata)
        self._compute_account = service_account(scope, scope.metadata(_COMPUTE_ACCOUNT), "compute-account")
        self._cache()
        self._gossip()
        self._discovery()
        sets = self._workloads()
        self._budgets()
        self.http_endpoint = pulumi.Output.concat("http://", sets[QUERY_FRONTEND].host, f":{TEMPO_HTTP_PORT}")
        self.otlp_endpoint = pulumi.Output.concat(sets[DISTRIBUTOR].host, f":{OTLP_GRPC_PORT}")
        self.register_outputs({"http_endpoint": self.http_endpoint, "otlp_endpoint": self.otlp_endpoint})

    def _cache(self) -> None:
        args = self._args
        cache_args = MemcachedArgs(
            context=args.context,
            image=args.memcached_image,
            # As many as copies of a trace: a stack that tolerates losing an ingester also tolerates losing one
            # memcached, and the rest keep most items.
            replicas=args.replication_factor,
            service_account=self._compute_account.metadata.name,
        )
        Memcached(self._scope.child("memcached"), cache_args, self._scope.options)

    def _gossip(self) -> None:
        """Create the Service of all ring members; it lists those still starting, which must find each other."""
        self._headless_service("gossip", TEMPO_GOSSIP, GOSSIP_MEMBER, GOSSIP_PORTS)

    def _discovery(self) -> None:
        """Create the Service by which each querier connects to every query frontend, as in Tempo's jsonnet.

        It lists frontends that are not ready: a frontend is ready only once queriers have connected to it.
        """
        frontends = selector(tempo_component(QUERY_FRONTEND))
        self._headless_service("discovery", QUERY_FRONTEND_DISCOVERY, frontends, {"grpc": PORTS["grpc"]})

    def _headless_service(self, role: str, name: str, pods: Mapping[str, str], ports: Mapping[str, int]) -> None:
        args = HeadlessServiceArgs(name=name, pods=pods, ports=ports, publish_not_ready=True)
        headless_service(self._scope, args, role)

    def _workloads(self) -> dict[str, TempoWorkloadSet]:
        """Return the workloads by target; where a target has several, the last.

        Workloads of one target, the zones of live stores, are updated one after the other: an update that
        restarted the same replica in both zones would leave its partition unserved.
        """
        sets: dict[str, TempoWorkloadSet] = {}
        for workload in self._args.workloads:
            before = [sets[workload.target]] if workload.target in sets else []
            sets[workload.target] = self._workload(workload, before)
        return sets

    def _workload(self, workload: TempoWorkload, before: list[TempoWorkloadSet]) -> TempoWorkloadSet:
        args = self._args
        account = self._store_account if workload.needs_object_store else self._compute_account
        pod = TempoPodArgs(
            image=args.image,
            workload=workload,
            replication_factor=args.replication_factor,
            require_zones=args.require_zones,
            config_maps=self._config_maps,
            service_account=account.metadata.name,
            access=args.access,
        )
        set_args = TempoWorkloadSetArgs(context=args.context, pod=pod, config_checksum=args.files.checksum())
        opts = pulumi.ResourceOptions(parent=self, depends_on=before)
        return TempoWorkloadSet(self._scope.child(workload.name), set_args, opts)

    def _budgets(self) -> None:
        """Create one budget per target: the zones of live stores hold the same traces, so they share one."""
        replicas: Counter[str] = Counter()
        for workload in self._args.workloads:
            replicas[workload.target] += workload.replicas
        for target, count in replicas.items():
            scope = Scope(
                parent=self,
                name=self._scope.child(target),
                context=self._args.context,
                component=tempo_component(target),
            )
            disruption_budget(scope, count, target_selector(target))
