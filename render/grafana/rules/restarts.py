"""Alerts on processes that start again and again, and on memory near the container's limit."""

from collections.abc import Iterator

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import MEMORY_NEAR_LIMIT_RATIO
from settings.stack import StackSettings

_MIB = 1024 * 1024


def restarts(settings: StackSettings, plan: Plan) -> Group:
    """Return the group."""
    collectors = (jobs.agents(settings), jobs.gateways(settings))
    uptime = " or ".join(f"resets(otelcol_process_uptime_seconds_total{{{job}}}[30m])" for job in collectors)
    starts = f"changes(process_start_time_seconds{{{jobs.tempo(settings)}}}[30m])"
    return Group(
        name="tracing-processes",
        rules=(
            Alert(
                name="TracingProcessRestarting",
                expr=f"({uptime} or {starts}) > 2",
                for_seconds=0,
                severity="warning",
                summary="{{ $labels.pod }} started {{ $value | humanize }} times in half an hour",
                description="Each start of a collector loses the traces that it had not decided, each start "
                "of Tempo "
                "the answers in progress.",
                runbook="processes.md#tracingprocessrestarting",
            ),
            Alert(
                name="TracingMemoryNearLimit",
                expr="\nor\n".join(_near_limit(settings, plan)),
                for_seconds=900,
                severity="warning",
                summary="{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory limit",
                description="At the limit the kernel kills the process: a gateway loses undecided traces, Tempo "
                "replays its log at the start.",
                runbook="processes.md#tracingmemorynearlimit",
            ),
        ),
    )


def _near_limit(settings: StackSettings, plan: Plan) -> Iterator[str]:
    """Yield for each kind of process the share of its limit, where that is too high."""
    collector, tempo = "otelcol_process_memory_rss_bytes", "process_resident_memory_bytes"
    limits = [
        (collector, jobs.agents(settings), settings.collectors.agent.resources.memory_limit_mib),
        (collector, jobs.gateways(settings), plan.gateway.memory_limit_mib),
    ]
    if plan.tempo:
        limits += [(tempo, jobs.tempo(settings, one.target), one.resources.memory_limit_mib) for one in plan.tempo]
    else:
        limits.append((tempo, jobs.tempo(settings), settings.tempo.resources.memory_limit_mib))
    for metric, job, mib in limits:
        yield f"{metric}{{{job}}} / {mib * _MIB} > {MEMORY_NEAR_LIMIT_RATIO}"
