"""The Pod of one component of a Tempo of microservices: labels, place, container, volumes, time to end."""

from dataclasses import dataclass
from types import MappingProxyType

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes import containers, placement
from components.kubernetes.labels import labels, selector
from components.storage.access import StoreAccess
from components.tempo.process import (
    CONFIG_VOLUME,
    DATA_VOLUME,
    OTLP_PORTS,
    PORTS,
    TempoContainerArgs,
    tempo_container,
)
from plan.tempo.majors import (
    BACKEND_SCHEDULER,
    BLOCK_BUILDER,
    DISTRIBUTOR,
    INGESTER,
    LIVE_STORE,
    METRICS_GENERATOR,
    QUERY_FRONTEND,
)
from plan.tempo.workloads import TempoWorkload
from render.names import TEMPO_GOSSIP_PORT, tempo_component
from settings.environment import Environment
from settings.project import PROJECT

_TARGET = "app.kubernetes.io/component"
# As Tempo's jsonnet calls it.
GOSSIP_MEMBER = MappingProxyType({"tempo-gossip-member": "true"})
GOSSIP_PORTS = MappingProxyType({"gossip": TEMPO_GOSSIP_PORT})
# These join no ring and never open the port (their dependencies in Tempo's cmd/tempo/app/modules.go).
_NO_MEMBERS = frozenset({QUERY_FRONTEND, BACKEND_SCHEDULER})
# The size that Tempo's jsonnet gives to block builders, the largest users of it. A bound, nothing is set aside.
_SCRATCH_MIB = 5 * 1024
# At the signal an ingester leaves the ring, writes the traces in its memory to its log, and ends the uploads
# that it has begun; killed before, it loses what no other copy has. Live stores and block builders do the like,
# metrics generators send their last samples. Five minutes are what Tempo's charts give.
_LONG_GRACE_SECONDS = 300
_END_SLOWLY = frozenset({INGESTER, LIVE_STORE, BLOCK_BUILDER, METRICS_GENERATOR})
# Requests under way, and a backend worker's job, have 30 seconds in Tempo's own settings.
_GRACE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class TempoPodArgs:
    """Wiring and the workload as planned; `replication_factor` ingesters have each trace."""

    image: str
    workload: TempoWorkload
    replication_factor: int
    config_map: pulumi.Input[str]
    service_account: pulumi.Input[str]
    access: StoreAccess


def target_selector(target: str) -> dict[str, str]:
    """Return the labels of all Pods of a target, in whichever workload."""
    return {"app.kubernetes.io/instance": PROJECT, _TARGET: target}


def pod_labels(environment: Environment, workload: TempoWorkload) -> dict[str, str]:
    """Return a Pod's labels: with its target, and whether it gossips."""
    member = GOSSIP_MEMBER if _gossips(workload) else {}
    return labels(environment, tempo_component(workload.name)) | target_selector(workload.target) | dict(member)


def workload_ports(workload: TempoWorkload) -> dict[str, int]:
    """Return the ports that others of this Tempo, or gateways, talk to."""
    return PORTS | (OTLP_PORTS if workload.target == DISTRIBUTOR else {})


def tempo_pod(args: TempoPodArgs) -> core.PodSpecArgs:
    """Return the Pod."""
    workload = args.workload
    scratch = [containers.scratch_volume(DATA_VOLUME, _SCRATCH_MIB)] if workload.volume_size_gib is None else []
    return core.PodSpecArgs(
        service_account_name=args.service_account,
        automount_service_account_token=False,
        enable_service_links=False,
        termination_grace_period_seconds=(
            _LONG_GRACE_SECONDS if workload.target in _END_SLOWLY else _GRACE_SECONDS
        ),
        security_context=containers.pod_security(),
        affinity=_affinity(workload, args.replication_factor),
        topology_spread_constraints=_spread(workload, args.replication_factor),
        containers=[_container(args)],
        volumes=[containers.config_volume(CONFIG_VOLUME, args.config_map), *scratch],
    )


def _container(args: TempoPodArgs) -> core.ContainerArgs:
    workload = args.workload
    ports = workload_ports(workload)
    zone = [f"-live-store.instance-availability-zone={workload.zone}"] if workload.zone else []
    return tempo_container(
        TempoContainerArgs(
            # Tempo's dashboards and alerts find containers by the target's name.
            name=workload.target,
            image=args.image,
            resources=workload.resources,
            ports=ports | GOSSIP_PORTS if _gossips(workload) else ports,
            access=args.access,
            uses_store=workload.needs_object_store,
            arguments=[f"-target={workload.target}", *zone],
        )
    )


def _gossips(workload: TempoWorkload) -> bool:
    return workload.target not in _NO_MEMBERS


def _spread(workload: TempoWorkload, replication_factor: int) -> list[core.TopologySpreadConstraintArgs] | None:
    """Return an even spread where there may be several; of two zones of Tempo each stays together instead."""
    if workload.max_replicas <= 1 or (workload.zone and replication_factor > 1):
        return None
    return placement.spread(selector(tempo_component(workload.name)))


def _affinity(workload: TempoWorkload, replication_factor: int) -> core.AffinityArgs | None:
    """Return what keeps copies apart: of a trace in ingesters, of a partition in the zones of live stores."""
    if replication_factor <= 1:
        return None
    if workload.zone:
        other_zones = meta.LabelSelectorRequirementArgs(
            key="app.kubernetes.io/name", operator="NotIn", values=[tempo_component(workload.name)]
        )
        others = meta.LabelSelectorArgs(
            match_labels=target_selector(workload.target), match_expressions=[other_zones]
        )
        return placement.apart_from(others)
    if workload.target == INGESTER:
        return placement.one_a_node(target_selector(workload.target))
    return None
