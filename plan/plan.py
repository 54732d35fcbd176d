"""All derived numbers of one stack."""

from dataclasses import dataclass

from plan.ceiling import CeilingPlan, ceiling_plan
from plan.cpu import CpuPlan, cpu_plan
from plan.gateway import GatewayPlan, gateway_plan
from plan.ingestion import IngestionPlan, ingestion_plan
from plan.storage import StoragePlan, storage_plan
from plan.tempo.timing import TimingPlan, timing_plan
from plan.tempo.workloads import TempoWorkload, generator_count, tempo_workloads
from plan.traffic import Traffic, traffic
from settings.stack import StackSettings


@dataclass(frozen=True)
class Plan:
    """The numbers that `render/` and `components/` need beyond the settings."""

    traffic: Traffic
    gateway: GatewayPlan
    ceiling: CeilingPlan
    cpu: CpuPlan
    ingestion: IngestionPlan
    storage: StoragePlan
    timing: TimingPlan
    tempo: tuple[TempoWorkload, ...]


def make_plan(settings: StackSettings) -> Plan:
    """Derive every number; pure, and defined for all valid settings."""
    load, tempo = settings.load, settings.tempo
    flow = traffic(load, settings.sampling)
    timing = timing_plan(tempo)
    workloads = tempo_workloads(settings, flow)
    return Plan(
        traffic=flow,
        gateway=gateway_plan(load, settings.sampling, flow, settings.collectors.gateway),
        ceiling=ceiling_plan(load, settings.sampling, tempo, flow, settings.collectors.gateway.replicas),
        cpu=cpu_plan(settings, flow, settings.collectors.gateway.replicas),
        ingestion=ingestion_plan(load, tempo, flow),
        storage=storage_plan(settings, flow, timing, generator_count(workloads)),
        timing=timing,
        tempo=workloads,
    )
