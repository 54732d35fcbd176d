"""Alerts on ingesters, which write the blocks of Tempo 2.x."""

from plan.plan import Plan
from plan.tempo.majors import INGESTER, ingesters_write
from render.grafana import jobs
from render.grafana.promql import grown, rate
from render.grafana.rules.rule import Alert, Group
from settings.stack import StackSettings

# Blocks are flushed at least once in `flush_seconds`; three missed ones are no delay.
MISSED_FLUSHES = 3
LEAST_MINUTES = 30


def flush_minutes(plan: Plan) -> int:
    """Return after how many minutes without a flushed block something is wrong."""
    return max(LEAST_MINUTES, MISSED_FLUSHES * plan.timing.flush_seconds // 60)


def tempo_v2(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:
    """Return the group; none for other majors."""
    if not ingesters_write(settings.tempo):
        return ()
    job, minutes = jobs.tempo(settings, INGESTER), flush_minutes(plan)
    flushed = f"tempo_ingester_blocks_flushed_total{{{job}}}"
    made = f"tempo_ingester_traces_created_total{{{job}}}"
    return (
        Group(
            name="tracing-ingesters",
            rules=(
                Alert(
                    name="TracingFlushesFailing",
                    expr=f"{grown(f'tempo_ingester_failed_flushes_total{{{job}}}', 'pod')} > 2",
                    for_seconds=0,
                    severity="critical",
                    summary="{{ $labels.pod }} failed {{ $value | humanize }} times to write a block to the "
                    "bucket",
                    description="Blocks stay on its volume until it is full. Then Tempo refuses spans.",
                    runbook="ingesters.md#tracingflushesfailing",
                ),
                Alert(
                    name="TracingNothingFlushed",
                    expr=f"({rate(made, 'pod', window=f'{minutes}m')} > 0) and "
                    f"sum by (pod) (increase({flushed}[{minutes}m])) == 0",
                    for_seconds=300,
                    severity="critical",
                    summary=f"{{{{ $labels.pod }}}} has written no block to the bucket for {minutes} minutes",
                    description="It receives traces and keeps them on its volume alone: they are lost with it.",
                    runbook="ingesters.md#tracingnothingflushed",
                ),
                Alert(
                    name="TracingReplayErrors",
                    expr=f"{grown(f'tempo_ingester_replay_errors_total{{{job}}}', 'pod', 'tenant')} > 0",
                    for_seconds=0,
                    severity="critical",
                    summary="{{ $labels.pod }} could not read {{ $value | humanize }} blocks of its log",
                    description="Traces of {{ $labels.tenant }} that were in them are lost, unless another "
                    "ingester "
                    "has them.",
                    runbook="ingesters.md#tracingreplayerrors",
                ),
            ),
        ),
    )
