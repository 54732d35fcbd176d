"""Alerts on retention: blocks that stay for longer than their tier allows.

No metric of Tempo shows the age of a block. What shows is that the deletion fails, that it does not run, and that
more is stored than planned (in the group of the store).
"""

from plan.plan import Plan
from plan.tempo.majors import BACKEND_WORKER, COMPACTOR, ingesters_write
from render.grafana import jobs
from render.grafana.promql import grown
from render.grafana.rules.rule import Alert, Group
from settings.stack import StackSettings

# Compactors of 2.x look for expired blocks with each poll of the bucket; schedulers of 3.x have each tenant looked
# at once an hour. Three missed times are no delay.
_MISSED = 3
_LEAST_MINUTES, _SCHEDULED_MINUTES = 60, 60


def retention(settings: StackSettings, plan: Plan) -> Group:  # noqa: ARG001 - groups share one signature
    """Return the group."""
    if ingesters_write(settings.tempo):
        job = jobs.tempo(settings, COMPACTOR)
        minutes = max(_LEAST_MINUTES, _MISSED * settings.tempo.blocklist_poll_seconds // 60)
    else:
        job, minutes = jobs.tempo(settings, BACKEND_WORKER), _MISSED * _SCHEDULED_MINUTES
    runs = f"tempodb_retention_duration_seconds_count{{{job}}}"
    return Group(
        name="tracing-retention",
        rules=(
            Alert(
                name="TracingRetentionFailing",
                expr=f"{grown(f'tempodb_retention_errors_total{{{job}}}', window='1h')} > 2",
                for_seconds=0,
                severity="warning",
                summary="Tempo failed {{ $value | humanize }} times in an hour to delete expired blocks",
                description="Blocks outlast the retention of their tier. The bucket's own rules delete them days "
                "later.",
                runbook="retention.md#tracingretentionfailing",
            ),
            Alert(
                name="TracingRetentionNotRunning",
                expr=f"sum(increase({runs}[{minutes}m])) == 0",
                for_seconds=1800,
                severity="warning",
                summary=f"Tempo has not looked for expired blocks for {minutes} minutes",
                description="Blocks outlast the retention of their tier. The bucket's own rules delete them days "
                "later.",
                runbook="retention.md#tracingretentionnotrunning",
            ),
        ),
    )
