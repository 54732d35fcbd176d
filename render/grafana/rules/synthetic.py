"""Alerts on the synthetic check: a trace that was written must be found, by every way and for every tenant."""

from plan.plan import Plan
from render.grafana import jobs
from render.grafana.rules.rule import Alert, Group
from render.grafana.thresholds import CLOCK_SKEW_SECONDS, STORED_TRACE_SECONDS
from settings.stack import StackSettings

# Traces in a row that do not arrive, before anybody is told.
_MISSED = 3


def synthetic(settings: StackSettings, plan: Plan) -> tuple[Group, ...]:  # noqa: ARG001 - groups share one signature
    """Return the group; none where the check does not run."""
    if not settings.synthetic_check.enabled:
        return ()
    job = jobs.check(settings)
    last = f"tracing_check_last_success_timestamp_seconds{{{job}"
    interval, deadline = (f"tracing_check_{part}_seconds{{{job}}}" for part in ("interval", "deadline"))
    patience = f"scalar(max({_MISSED} * {interval} + {deadline}))"
    return (
        Group(
            name="tracing-check",
            rules=(
                Alert(
                    name="TracingCheckFails",
                    expr=f'max by (way, tenant, read) (time() - {last}, read!="stored"}}) > {patience}',
                    for_seconds=120,
                    severity="critical",
                    summary="No test trace arrived by the way {{ $labels.way }} for "
                    "{{ $value | humanizeDuration }}",
                    description="It was written, or should have been, and {{ $labels.tenant }} does not find it "
                    "({{ $labels.read }}). Applications' traces go the same way.",
                    runbook="synthetic.md#tracingcheckfails",
                ),
                Alert(
                    name="TracingStoredTraceMissing",
                    expr=f'max by (way, tenant) (time() - {last}, read="stored"}}) > {STORED_TRACE_SECONDS}',
                    for_seconds=600,
                    severity="warning",
                    summary="{{ $labels.tenant }} has found no older test trace for "
                    "{{ $value | humanizeDuration }}",
                    description="Traces arrive, but are not in the bucket an hour later, or cannot be read there.",
                    runbook="synthetic.md#tracingstoredtracemissing",
                ),
                Alert(
                    name="TracingCheckMissing",
                    expr=f"(sum(up{{{job}}}) or vector(0)) == 0",
                    for_seconds=600,
                    severity="warning",
                    summary="The synthetic check does not run",
                    description="Nothing is lost. Nobody would notice if traces did not arrive.",
                    runbook="synthetic.md#tracingcheckmissing",
                ),
                Alert(
                    name="TracingClockSkew",
                    expr=f"abs(max(tracing_check_clock_skew_seconds{{{job}}})) > {CLOCK_SKEW_SECONDS}",
                    for_seconds=600,
                    severity="warning",
                    summary="Clocks of Tempo and the check differ by {{ $value | humanizeDuration }}",
                    description="Nothing is lost. Spans of different nodes appear in the wrong order, and "
                    "searches of the last minutes miss traces.",
                    runbook="synthetic.md#tracingclockskew",
                ),
            ),
        ),
    )
