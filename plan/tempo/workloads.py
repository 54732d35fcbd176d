"""The workloads of Tempo in microservices mode: replicas and resources of each component."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from plan.tempo.generators import (
    GENERATOR_CPU_MILLICORES,
    generator_memory_mib,
    generator_replicas,
    generators_run,
)
from plan.tempo.majors import (
    BACKEND_SCHEDULER,
    BACKEND_WORKER,
    BLOCK_BUILDER,
    COMPACTOR,
    DISTRIBUTOR,
    METRICS_GENERATOR,
    QUERIER,
    QUERY_FRONTEND,
    ingesters_write,
    tempo_major,
)
from plan.tempo.sizes import (
    COMPACTOR_MB_PER_SECOND,
    DISTRIBUTOR_MB_PER_SECOND,
    QUERIER_MB_PER_SECOND,
    TempoRates,
    limited_to,
    replicas_for,
    tempo_rates,
)
from plan.traffic import Traffic
from settings.base import Resources
from settings.stack import StackSettings
from settings.tempo import Tempo

# Zone names of Tempo's jsonnet; a process takes its partition from the number after the zone.
_ZONES = ("zone-a", "zone-b")

WorkloadKind = Literal["deployment", "statefulset"]


@dataclass(frozen=True, kw_only=True)
class TempoWorkload:
    """One component of Tempo as a workload.

    - `target`: Tempo's name of the component (`-target=`).
    - `replicas` always run. Where it is `autoscaled`, an autoscaler adds more, up to `max_replicas`; where it is
      not, the two are equal. A component is autoscaled whatever the load, because the owner of the number of
      replicas must not change with it: docs/adr/0016.
    - `volume_size_gib`: each replica's volume, None for a scratch volume.
    - `needs_object_store`: the process reads or writes the bucket, so it needs credentials for it.
    - `zone`: set where Tempo itself must know the zone, on live stores of 3.x.
    """

    target: str
    kind: WorkloadKind
    replicas: int
    max_replicas: int
    resources: Resources
    needs_object_store: bool
    autoscaled: bool = False
    volume_size_gib: int | None = None
    zone: str | None = None

    @property
    def name(self) -> str:
        """The workload's name within Tempo: `ingester`, `live-store-zone-a`."""
        return f"{self.target}-{self.zone}" if self.zone else self.target


@dataclass(frozen=True, kw_only=True)
class _Component:
    """The kind and the limits of a component whose size is not a setting."""

    kind: WorkloadKind
    cpu_millicores: int
    memory_mib: int


_COMPONENTS: Mapping[str, _Component] = {
    DISTRIBUTOR: _Component(kind="deployment", cpu_millicores=2000, memory_mib=2048),
    QUERY_FRONTEND: _Component(kind="deployment", cpu_millicores=1000, memory_mib=4096),
    QUERIER: _Component(kind="deployment", cpu_millicores=1000, memory_mib=4096),
    COMPACTOR: _Component(kind="deployment", cpu_millicores=1000, memory_mib=4096),
    # The manual's 5 GB: one cycle of a partition stays in memory until it is written as a block. A builder that
    # dies reads the partition again.
    BLOCK_BUILDER: _Component(kind="statefulset", cpu_millicores=1000, memory_mib=5120),
    # A StatefulSet never runs two schedulers at once, even during a replacement; a Deployment does not guarantee
    # that. The scheduler's plan is in the bucket.
    BACKEND_SCHEDULER: _Component(kind="statefulset", cpu_millicores=1000, memory_mib=2048),
    BACKEND_WORKER: _Component(kind="statefulset", cpu_millicores=1000, memory_mib=2048),
}


def tempo_workloads(settings: StackSettings, traffic: Traffic) -> tuple[TempoWorkload, ...]:
    """Return the workloads in the order of the data flow; none for a monolith.

    With several ingesters, at least two of everything that accepts spans or answers queries run, to survive
    the loss of one. A single ingester is a choice to be small.
    """
    tempo = settings.tempo
    if tempo.deployment_mode == "monolithic":
        return ()
    rates = tempo_rates(settings.load, settings.retention, traffic)
    minimum = 2 if tempo.ingesters > 1 else 1
    generators = [_metrics_generators(settings, rates, minimum)] if generators_run(tempo, settings.grafana) else []
    return (
        # Distributors hold only requests in progress, so an autoscaler may add and remove them.
        _autoscaled(DISTRIBUTOR, rates, DISTRIBUTOR_MB_PER_SECOND, minimum, needs_object_store=False),
        *(_of_v2(tempo, rates) if ingesters_write(tempo) else _of_v3(tempo, rates)),
        *generators,
        # The manual's two query frontends. No autoscaler: every frontend has its own queue and every querier
        # connects to all of them, so more frontends mean fewer querier slots per queue and weaker fairness
        # between tenants.
        _fixed(QUERY_FRONTEND, minimum),
        # Queriers hold only queries in progress, so an autoscaler may add and remove them.
        _autoscaled(QUERIER, rates, QUERIER_MB_PER_SECOND, minimum, needs_object_store=True),
    )


def generator_count(workloads: Iterable[TempoWorkload]) -> int:
    """Return the number of metrics generators, 0 in a monolith."""
    return sum(one.replicas for one in workloads if one.target == METRICS_GENERATOR)


def _of_v2(tempo: Tempo, rates: TempoRates) -> Iterator[TempoWorkload]:
    """Yield ingesters and compactors.

    No autoscaler for ingesters: one that is removed must flush first, and its volume remains. None for
    compactors: each owns a share of the blocks by a ring that shifts with every change, and their work follows
    the backlog of blocks, not their CPU.
    """
    yield _recent(tempo)
    yield _fixed(COMPACTOR, replicas_for(_compacted(tempo, rates), COMPACTOR_MB_PER_SECOND, 1))


def _compacted(tempo: Tempo, rates: TempoRates) -> float:
    """Return the rate that compactors keep up with: blocks of metrics generators are one more copy to merge."""
    more = 1 / tempo.replication_factor if tempo.generators_write_blocks else 0
    return rates.average_mb_per_second * (1 + more)


def _of_v3(tempo: Tempo, rates: TempoRates) -> Iterator[TempoWorkload]:
    """Yield live stores of one or two zones, block builders, the scheduler and workers.

    No autoscaler for live stores and block builders: each partition of the topic has one of each, and a
    partition must be read to its end before its readers go. None for workers: their work follows the backlog
    of blocks, not their CPU.
    """
    for zone in _ZONES if tempo.replication_factor > 1 else _ZONES[:1]:
        yield _recent(tempo, zone)
    yield _fixed(BLOCK_BUILDER, tempo.ingesters)
    yield _fixed(BACKEND_SCHEDULER, 1)
    yield _fixed(BACKEND_WORKER, replicas_for(rates.average_mb_per_second, COMPACTOR_MB_PER_SECOND, 1))


def _recent(tempo: Tempo, zone: str | None = None) -> TempoWorkload:
    """Return the processes that hold recent traces, sized by the settings."""
    return TempoWorkload(
        target=tempo_major(tempo).recent,
        kind="statefulset",
        replicas=tempo.ingesters,
        max_replicas=tempo.ingesters,
        resources=tempo.resources,
        needs_object_store=True,
        volume_size_gib=tempo.volume_size_gib,
        zone=zone,
    )


def _metrics_generators(settings: StackSettings, rates: TempoRates, minimum: int) -> TempoWorkload:
    """Return the metrics generators, a StatefulSet because a generator's name is a label of all its series.

    Those that write blocks have a volume: a Pod that is replaced would otherwise take the blocks with it that are
    not flushed yet, and leave a gap in recent metrics until the bucket answers for that time.
    """
    tempo = settings.tempo
    replicas = generator_replicas(tempo, rates, minimum)
    memory_mib = generator_memory_mib(settings.grafana, settings.tenants)
    return TempoWorkload(
        target=METRICS_GENERATOR,
        kind="statefulset",
        replicas=replicas,
        max_replicas=replicas,
        resources=limited_to(cpu_millicores=GENERATOR_CPU_MILLICORES, memory_mib=memory_mib),
        needs_object_store=tempo_major(tempo).local_blocks,
        volume_size_gib=tempo.generator_volume_size_gib if tempo.generators_write_blocks else None,
    )


def _autoscaled(
    target: str, rates: TempoRates, mb_per_second_of_each: int, minimum: int, *, needs_object_store: bool
) -> TempoWorkload:
    """Return a component with replicas for the average load that may grow to those for the peak."""
    replicas = replicas_for(rates.average_mb_per_second, mb_per_second_of_each, minimum)
    max_replicas = replicas_for(rates.peak_mb_per_second, mb_per_second_of_each, replicas)
    fixed = _fixed(target, replicas, needs_object_store=needs_object_store)
    return replace(fixed, max_replicas=max_replicas, autoscaled=True)


def _fixed(target: str, replicas: int, *, needs_object_store: bool = True) -> TempoWorkload:
    """Return a component without an autoscaler."""
    component = _COMPONENTS[target]
    return TempoWorkload(
        target=target,
        kind=component.kind,
        replicas=replicas,
        max_replicas=replicas,
        resources=limited_to(cpu_millicores=component.cpu_millicores, memory_mib=component.memory_mib),
        needs_object_store=needs_object_store,
    )
