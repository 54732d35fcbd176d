"""The processes of a Tempo of microservices: how many of each, how large."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from plan.tempo.majors import (
    BACKEND_SCHEDULER,
    BACKEND_WORKER,
    BLOCK_BUILDER,
    COMPACTOR,
    DISTRIBUTOR,
    INGESTER,
    LIVE_STORE,
    METRICS_GENERATOR,
    QUERIER,
    QUERY_FRONTEND,
    tempo_major,
)
from plan.tempo.sizes import (
    COMPACTOR_MB_PER_SECOND,
    DISTRIBUTOR_MB_PER_SECOND,
    GENERATOR_MB_PER_SECOND,
    QUERIER_MB_PER_SECOND,
    TempoRates,
    limited_to,
    processes,
    tempo_rates,
)
from plan.traffic import Traffic
from settings.base import Resources
from settings.grafana import Grafana
from settings.load import Load
from settings.retention import Retention
from settings.tempo import Tempo

# Tempo's jsonnet names its zones so; a process takes its partition from the number after it.
_ZONES = ("zone-a", "zone-b")

WorkloadKind = Literal["deployment", "statefulset"]


@dataclass(frozen=True, kw_only=True)
class TempoWorkload:
    """One component of Tempo as a workload.

    `target` is Tempo's own name of it (`-target=`). `replicas` run always; a `max_replicas` above it lets an
    autoscaler add more. `volume_size_gib` is each replica's disk, None for a scratch volume. `uses_store` says
    that it talks to the object store, and so needs the identity that may. `zone` is set where Tempo itself
    must know it: live stores of 3.x.
    """

    target: str
    kind: WorkloadKind
    replicas: int
    max_replicas: int
    resources: Resources
    uses_store: bool
    volume_size_gib: int | None = None
    zone: str | None = None

    @property
    def name(self) -> str:
        """The workload's name within Tempo: `ingester`, `live-store-zone-a`."""
        return f"{self.target}-{self.zone}" if self.zone else self.target


def tempo_workloads(
    load: Load, tempo: Tempo, retention: Retention, grafana: Grafana, traffic: Traffic
) -> tuple[TempoWorkload, ...]:
    """Return the workloads in the order of the data's way; none for a monolith.

    With more than one ingester at least two run of whatever takes spans or answers queries, so that losing
    one is survived; with one the stack has chosen to be small.
    """
    if tempo.deployment_mode == "monolithic":
        return ()
    rates = tempo_rates(load, retention, traffic)
    least = 2 if tempo.ingesters > 1 else 1
    generators = [_metrics_generator(tempo, rates, least)] if grafana.prometheus_url else []
    return (
        _distributor(rates, least),
        *(_of_v2(tempo, rates) if tempo_major(tempo).recent == INGESTER else _of_v3(tempo, rates)),
        *generators,
        _query_frontend(least),
        _querier(rates, least),
    )


def _of_v2(tempo: Tempo, rates: TempoRates) -> Iterator[TempoWorkload]:
    """Yield ingesters and compactors.

    No autoscaler for ingesters: one that goes must flush first, and its volume stays behind. None for
    compactors: each owns a share of the blocks by a ring that moves with every change, and their work follows the
    backlog of blocks, not their CPU.
    """
    yield TempoWorkload(
        target=INGESTER,
        kind="statefulset",
        replicas=tempo.ingesters,
        max_replicas=tempo.ingesters,
        resources=tempo.resources,
        uses_store=True,
        volume_size_gib=tempo.volume_size_gib,
    )
    replicas = processes(rates.average_mb_per_second, COMPACTOR_MB_PER_SECOND, 1)
    yield TempoWorkload(
        target=COMPACTOR,
        kind="deployment",
        replicas=replicas,
        max_replicas=replicas,
        resources=limited_to(cpu_millicores=1000, memory_mib=4096),
        uses_store=True,
    )


def _of_v3(tempo: Tempo, rates: TempoRates) -> Iterator[TempoWorkload]:
    """Yield live stores of one zone or two, block builders, the scheduler and workers.

    No autoscaler for live stores and block builders: there is one of each for a partition of the topic, and a
    partition must be read to its end before its readers go. None for workers: their work follows the backlog of
    blocks, not their CPU.
    """
    for zone in _ZONES if tempo.replication_factor > 1 else _ZONES[:1]:
        yield TempoWorkload(
            target=LIVE_STORE,
            kind="statefulset",
            replicas=tempo.ingesters,
            max_replicas=tempo.ingesters,
            resources=tempo.resources,
            uses_store=True,
            volume_size_gib=tempo.volume_size_gib,
            zone=zone,
        )
    yield TempoWorkload(
        target=BLOCK_BUILDER,
        kind="statefulset",
        replicas=tempo.ingesters,
        max_replicas=tempo.ingesters,
        # The manual's 5 GB: a cycle of its partition is in memory before it is a block. What dies is read again.
        resources=limited_to(cpu_millicores=1000, memory_mib=5120),
        uses_store=True,
    )
    yield TempoWorkload(
        target=BACKEND_SCHEDULER,
        # Only ever one, also while it is replaced, which a Deployment does not promise. Its plan is in the bucket.
        kind="statefulset",
        replicas=1,
        max_replicas=1,
        resources=limited_to(cpu_millicores=1000, memory_mib=2048),
        uses_store=True,
    )
    replicas = processes(rates.average_mb_per_second, COMPACTOR_MB_PER_SECOND, 1)
    yield TempoWorkload(
        target=BACKEND_WORKER,
        kind="statefulset",
        replicas=replicas,
        max_replicas=replicas,
        resources=limited_to(cpu_millicores=1000, memory_mib=2048),
        uses_store=True,
    )


def _distributor(rates: TempoRates, least: int) -> TempoWorkload:
    """Return the distributors: they hold nothing but requests under way, so an autoscaler may add and remove."""
    replicas = processes(rates.average_mb_per_second, DISTRIBUTOR_MB_PER_SECOND, least)
    return TempoWorkload(
        target=DISTRIBUTOR,
        kind="deployment",
        replicas=replicas,
        max_replicas=processes(rates.peak_mb_per_second, DISTRIBUTOR_MB_PER_SECOND, replicas),
        resources=limited_to(cpu_millicores=2000, memory_mib=2048),
        uses_store=False,
    )


def _metrics_generator(tempo: Tempo, rates: TempoRates, least: int) -> TempoWorkload:
    """Return the generators, as many as the peak needs.

    No autoscaler: with each change of their number series move from one to another, and counters begin anew. A
    StatefulSet, because a generator's name is a label of all its series. More than one for a partition of
    Kafka would be idle.
    """
    replicas = processes(rates.peak_mb_per_second, GENERATOR_MB_PER_SECOND, least)
    replicas = min(replicas, tempo.ingesters) if tempo.needs_kafka else replicas
    return TempoWorkload(
        target=METRICS_GENERATOR,
        kind="statefulset",
        replicas=replicas,
        max_replicas=replicas,
        resources=limited_to(cpu_millicores=1000, memory_mib=2048),
        uses_store=tempo_major(tempo).local_blocks,
    )


def _query_frontend(least: int) -> TempoWorkload:
    """Return the query frontends: the manual's two.

    No autoscaler: each has a queue of its own, to which every querier connects, so more of them thin out the
    queriers of each and lose the fairness between tenants.
    """
    return TempoWorkload(
        target=QUERY_FRONTEND,
        kind="deployment",
        replicas=least,
        max_replicas=least,
        resources=limited_to(cpu_millicores=1000, memory_mib=4096),
        uses_store=True,
    )


def _querier(rates: TempoRates, least: int) -> TempoWorkload:
    """Return the queriers: they hold nothing but queries under way, so an autoscaler may add and remove."""
    replicas = processes(rates.average_mb_per_second, QUERIER_MB_PER_SECOND, least)
    return TempoWorkload(
        target=QUERIER,
        kind="deployment",
        replicas=replicas,
        max_replicas=processes(rates.peak_mb_per_second, QUERIER_MB_PER_SECOND, replicas),
        resources=limited_to(cpu_millicores=1000, memory_mib=4096),
        uses_store=True,
    )
