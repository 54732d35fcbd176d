"""The Pod of one Tempo component in microservices mode: labels, placement, container, volumes, grace period."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pulumi
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes import placement, volumes
from components.kubernetes.certificate_files import certificate_volumes
from components.kubernetes.labels import labels, selector
from components.kubernetes.pods import PodArgs, pod
from components.ports import OTLP_PORTS
from components.storage.access import StoreAccess
from components.tempo.process import DATA_VOLUME, PORTS, TempoConfigMaps, TempoContainerArgs, tempo_container
from plan.containers import LocalDisk, local_disk
from plan.tempo.majors import (
    BLOCK_BUILDER,
    DISTRIBUTOR,
    INGESTER,
    LIVE_STORE,
    METRICS_GENERATOR,
    NOT_IN_THE_RING,
    QUERY_FRONTEND,
)
from plan.tempo.workloads import TempoWorkload
from render.names import TEMPO_GOSSIP_PORT, TEMPO_STREAM_VARIABLE, tempo_component
from settings.environment import Environment
from settings.project import PROJECT

_TARGET = "app.kubernetes.io/component"
# The label of Tempo's jsonnet.
GOSSIP_MEMBER = MappingProxyType({"tempo-gossip-member": "true"})
GOSSIP_PORTS = MappingProxyType({"gossip": TEMPO_GOSSIP_PORT})
# What Tempo's jsonnet gives block builders, the largest users of scratch space.
_SCRATCH_MIB = 5 * 1024
# Reserved of it. A metrics generator keeps its remote-write log there, a block builder the blocks of one cycle
# until they are uploaded; at the average load these are hundreds of MiB. The other processes write nothing.
_SCRATCH_USED_MIB = MappingProxyType({METRICS_GENERATOR: 1024, BLOCK_BUILDER: 1024})
_STREAMS = core.EnvVarArgs(name=TEMPO_STREAM_VARIABLE, value="true")
# At SIGTERM an ingester leaves the ring, writes the traces in memory to its log, and finishes the uploads that it
# has begun; killed earlier, it loses whatever no other replica has. Live stores and block builders do much the
# same, and metrics generators send their last samples. Tempo's charts give five minutes.
_LONG_GRACE_SECONDS = 300
_SLOW_TO_STOP = frozenset({INGESTER, LIVE_STORE, BLOCK_BUILDER, METRICS_GENERATOR})
# Tempo itself gives requests in flight, and a backend worker's job, 30 seconds.
_GRACE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class TempoPodArgs:
    """The workload as planned.

    `replication_factor` ingesters hold each trace; with `require_zones` in different zones, or they do not start.
    """

    image: str
    workload: TempoWorkload
    replication_factor: int
    require_zones: bool
    config_maps: TempoConfigMaps
    service_account: pulumi.Input[str]
    access: StoreAccess


def target_selector(target: str) -> dict[str, str]:
    """Return the labels that select all Pods of a target, whichever workload they belong to."""
    return {"app.kubernetes.io/instance": PROJECT, _TARGET: target}


def pod_labels(environment: Environment, workload: TempoWorkload) -> dict[str, str]:
    """Return a Pod's labels, with its target and, for a ring member, the gossip label."""
    member = GOSSIP_MEMBER if _gossips(workload) else {}
    return labels(environment, tempo_component(workload.name)) | target_selector(workload.target) | dict(member)


def workload_ports(workload: TempoWorkload) -> dict[str, int]:
    """Return the ports that other Tempo processes, or gateways, connect to."""
    return PORTS | (OTLP_PORTS if workload.target == DISTRIBUTOR else {})


def tempo_pod(context: Context, args: TempoPodArgs) -> core.PodSpecArgs:
    """Return the Pod."""
    workload = args.workload
    scratch = [volumes.scratch_volume(DATA_VOLUME, _SCRATCH_MIB)] if workload.volume_size_gib is None else []
    identity = args.access.volumes(needs_object_store=workload.needs_object_store)
    certificates = certificate_volumes(args.config_maps.certificates)
    return pod(
        PodArgs(
            context=context,
            service_account=args.service_account,
            container=_container(args),
            volumes=[*args.config_maps.volumes(), *scratch, *identity, *certificates],
            grace_seconds=_LONG_GRACE_SECONDS if workload.target in _SLOW_TO_STOP else _GRACE_SECONDS,
            affinity=_affinity(args),
            spread=_spread(args),
        )
    )


def _container(args: TempoPodArgs) -> core.ContainerArgs:
    workload = args.workload
    ports = workload_ports(workload)
    zone = [f"-live-store.instance-availability-zone={workload.zone}"] if workload.zone else []
    return tempo_container(
        TempoContainerArgs(
            # Tempo's dashboards and alerts select containers by the target's name.
            name=workload.target,
            image=args.image,
            resources=workload.resources,
            disk=_disk(workload),
            ports=ports | GOSSIP_PORTS if _gossips(workload) else ports,
            config_maps=args.config_maps,
            access=args.access,
            needs_object_store=workload.needs_object_store,
            arguments=[f"-target={workload.target}", *zone],
            environment=_environment(workload),
        )
    )


def _environment(workload: TempoWorkload) -> list[core.EnvVarArgs]:
    """Return the variable of query frontends, which stream the results of searches over HTTP."""
    return [_STREAMS] if workload.target == QUERY_FRONTEND else []


def _gossips(workload: TempoWorkload) -> bool:
    return workload.target not in NOT_IN_THE_RING


def _disk(workload: TempoWorkload) -> LocalDisk:
    """Return the disk of a process, whose only scratch volume takes the place of a claim."""
    if workload.volume_size_gib is not None:
        return local_disk()
    return local_disk(_SCRATCH_MIB, _SCRATCH_USED_MIB.get(workload.target, 0))


def _spread(args: TempoPodArgs) -> Sequence[core.TopologySpreadConstraintArgs]:
    """Return an even spread if there may be several replicas; each of two Tempo zones stays together instead."""
    workload, copies = args.workload, args.replication_factor
    if workload.max_replicas <= 1 or (workload.zone and copies > 1):
        return ()
    pods = selector(tempo_component(workload.name))
    if args.require_zones and workload.target == INGESTER and copies > 1:
        # As many zones as copies, where each ingester has one. With more ingesters that would keep a Pod from
        # returning to its own zone while another zone is down.
        return placement.spread_by_zones(pods, copies if workload.replicas == copies else None)
    return placement.spread(pods)


def _affinity(args: TempoPodArgs) -> core.AffinityArgs | None:
    """Return what keeps copies apart: of a trace in ingesters, of a partition in the zones of live stores."""
    workload = args.workload
    if args.replication_factor <= 1:
        return None
    if workload.zone:
        other_zones = meta.LabelSelectorRequirementArgs(
            key="app.kubernetes.io/name", operator="NotIn", values=[tempo_component(workload.name)]
        )
        others = meta.LabelSelectorArgs(
            match_labels=target_selector(workload.target), match_expressions=[other_zones]
        )
        own = selector(tempo_component(workload.name))
        return placement.avoid_zones(others, own) if args.require_zones else placement.avoid(others)
    if workload.target == INGESTER:
        return placement.one_per_node(target_selector(workload.target))
    return None
