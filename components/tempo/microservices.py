"""Tempo as one workload a component."""

from collections import Counter
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes import containers
from components.kubernetes.disruption_budget import DisruptionBudgetArgs, disruption_budget
from components.kubernetes.headless_service import HeadlessServiceArgs, headless_service
from components.kubernetes.labels import labels, selector
from components.storage.access import StoreAccess
from components.tempo.memcached import Memcached, MemcachedArgs
from components.tempo.pod import GOSSIP_MEMBER, GOSSIP_PORTS, TempoPodArgs, target_selector
from components.tempo.process import PORTS, TempoTexts
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
from settings.environment import Environment
from settings.grafana import Grafana

# Pods of all components that may reach the store have this account; identities on Amazon name it.
STORE_ACCOUNT = TEMPO
_COMPUTE_ACCOUNT = tempo_component("compute")


@dataclass(frozen=True, kw_only=True)
class TempoMicroservicesArgs:
    """Wiring, the workloads as planned, and the rendered texts ('' for no overrides)."""

    namespace: pulumi.Input[str]
    environment: Environment
    image: str
    memcached_image: str
    workloads: tuple[TempoWorkload, ...]
    replication_factor: int
    config: str
    overrides: str
    access: StoreAccess
    grafana: Grafana


class TempoMicroservices(pulumi.ComponentResource):
    """All of Tempo, found by the Services of its distributors and its query frontends."""

    http_endpoint: pulumi.Output[str]
    otlp_endpoint: pulumi.Output[str]

    def __init__(
        self, name: str, args: TempoMicroservicesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Create configuration, accounts, cache, workloads, budgets, and the Services they meet by."""
        super().__init__("fawkes:tracing:TempoMicroservices", name, None, opts)
        self._name, self._args, self._labels = name, args, labels(args.environment, TEMPO)
        self._texts = TempoTexts(config=args.config, overrides=args.overrides)
        self._config_map = containers.config_map(
            f"{name}-config", self, args.namespace, self._labels, self._texts.files()
        )
        self._store_account = self._account("account", STORE_ACCOUNT, args.access.annotations())
        self._compute_account = self._account("compute-account", _COMPUTE_ACCOUNT)
        self._cache()
        self._gossip()
        self._discovery()
        sets = self._workloads()
        self._budgets()
        self.http_endpoint = pulumi.Output.concat("http://", sets[QUERY_FRONTEND].host, f":{TEMPO_HTTP_PORT}")
        self.otlp_endpoint = pulumi.Output.concat(sets[DISTRIBUTOR].host, f":{OTLP_GRPC_PORT}")
        self.register_outputs({"http_endpoint": self.http_endpoint, "otlp_endpoint": self.otlp_endpoint})

    def _account(
        self, role: str, called: str, annotations: dict[str, pulumi.Input[str]] | None = None
    ) -> core.ServiceAccount:
        return core.ServiceAccount(
            f"{self._name}-{role}",
            metadata=meta.ObjectMetaArgs(
                name=called, namespace=self._args.namespace, labels=self._labels, annotations=annotations
            ),
            automount_service_account_token=False,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _cache(self) -> None:
        args = self._args
        cache_args = MemcachedArgs(
            namespace=args.namespace,
            environment=args.environment,
            image=args.memcached_image,
            # Where the loss of one ingester is borne, that of one cache is: the others have most of the items.
            replicas=args.replication_factor,
            service_account=self._compute_account.metadata.name,
        )
        Memcached(f"{self._name}-memcached", cache_args, pulumi.ResourceOptions(parent=self))

    def _gossip(self) -> None:
        """Create the Service of all members: those that start must find those that start with them."""
        self._headless("gossip", TEMPO_GOSSIP, dict(GOSSIP_MEMBER), dict(GOSSIP_PORTS))

    def _discovery(self) -> None:
        """Create the Service by which each querier connects to every frontend, as in Tempo's jsonnet.

        Ready or not: a frontend is ready only when queriers have connected to it.
        """
        pods = selector(tempo_component(QUERY_FRONTEND))
        self._headless("discovery", QUERY_FRONTEND_DISCOVERY, pods, {"grpc": PORTS["grpc"]})

    def _headless(self, role: str, called: str, pods: dict[str, str], ports: dict[str, int]) -> None:
        headless_service(
            f"{self._name}-{role}",
            self,
            HeadlessServiceArgs(
                name=called,
                namespace=self._args.namespace,
                environment=self._args.environment,
                pods=pods,
                ports=ports,
                unready_too=True,
            ),
        )

    def _workloads(self) -> dict[str, TempoWorkloadSet]:
        """Return the workloads by target, of several the last.

        Those of one target, the zones of live stores, follow each other: an update that took the same
        replica of both would leave nobody to answer for its partition.
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
            config_map=self._config_map.metadata.name,
            service_account=account.metadata.name,
            access=args.access,
        )
        set_args = TempoWorkloadSetArgs(
            namespace=args.namespace,
            environment=args.environment,
            pod=pod,
            config_checksum=self._texts.checksum(),
            grafana=args.grafana,
        )
        opts = pulumi.ResourceOptions(parent=self, depends_on=before)
        return TempoWorkloadSet(f"{self._name}-{workload.name}", set_args, opts)

    def _budgets(self) -> None:
        """Create a budget for each target: the zones of live stores hold the same traces, so they share one."""
        replicas: Counter[str] = Counter()
        for workload in self._args.workloads:
            replicas[workload.target] += workload.replicas
        for target, together in replicas.items():
            disruption_budget(
                f"{self._name}-{target}-budget",
                self,
                DisruptionBudgetArgs(
                    name=tempo_component(target),
                    namespace=self._args.namespace,
                    labels=labels(self._args.environment, tempo_component(target)),
                    pods=target_selector(target),
                    replicas=together,
                ),
            )
