"""Panels of Tempo's processes: memory against their limits, and CPU."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.units import MIB
from render.grafana import jobs
from render.grafana.board import Limits, Panel, Query
from render.grafana.panels import rate, runbook
from render.grafana.thresholds import MEMORY_NEAR_LIMIT_RATIO
from settings.stack import StackSettings


def resources(settings: StackSettings, plan: Plan) -> Iterator[Panel]:
    """Yield the panels."""
    yield Panel(
        title="Memory",
        description="Share of its memory limit that each process holds. At 100 % the kernel ends the process; "
        "traces that it held come back from its log.",
        unit="percentunit",
        queries=tuple(
            Query(
                expr=f"max by (pod) (process_resident_memory_bytes{{{job}}}) / {limit_mib * MIB}",
                legend="{{pod}}",
            )
            for job, limit_mib in _limits(settings, plan)
        ),
        limits=Limits(warning=MEMORY_NEAR_LIMIT_RATIO * 0.8, critical=MEMORY_NEAR_LIMIT_RATIO),
        width=12,
        links=runbook(settings, "processes.md"),
    )
    yield Panel(
        title="CPU",
        description="Cores that each process uses. Queries of many blocks and compaction take most.",
        unit="none",
        queries=(
            Query(expr=rate(f"process_cpu_seconds_total{{{jobs.tempo(settings)}}}", "pod"), legend="{{pod}}"),
        ),
        width=12,
    )


def _limits(settings: StackSettings, plan: Plan) -> list[tuple[str, int]]:
    """Return the matcher and the memory limit in MiB of each kind of process."""
    if settings.tempo.deployment_mode == "monolithic":
        return [(jobs.tempo(settings), settings.tempo.resources.memory_limit_mib)]
    # Zones of live stores are workloads of their own and share one job.
    kinds = {workload.target: workload.resources.memory_limit_mib for workload in plan.tempo}
    return [(jobs.tempo(settings, target), limit) for target, limit in kinds.items()]
