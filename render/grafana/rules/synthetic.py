"""Alerts on the synthetic check: what no other metric says, that a trace arrives and can be read."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.synthetic_check import synthetic_check_plan
from render.grafana import jobs
from render.grafana.rules.rule import Alert, Group
from render.synthetic_check import STORED_EVERY_SECONDS
from settings.stack import StackSettings

# Single attempts fail while a gateway restarts.
_ATTEMPTS = 5
# A read from the bucket that fails once is repeated an hour later; twice is no coincidence.
_STORED_ATTEMPTS = 2
_MINUTE_SECONDS = 60


def synthetic(settings: StackSettings, plan: Plan) -> Iterator[Group]:  # noqa: ARG001 - groups share one signature
    """Yield the group; none without the check."""
    if settings.synthetic_check.enabled:
        yield Group(name="tracing-synthetic-check", rules=tuple(_alerts(settings)))


def late_after_seconds(settings: StackSettings) -> int:
    """Return how old the last success of a write or read may be: some attempts, each to its end."""
    attempt = max(settings.synthetic_check.interval_seconds, synthetic_check_plan(settings).deadline_seconds)
    return _ATTEMPTS * attempt


def _alerts(settings: StackSettings) -> Iterator[Alert]:
    job = jobs.synthetic_check(settings)
    success = "tracing_check_last_success_timestamp_seconds"
    late = late_after_seconds(settings)
    stored = _STORED_ATTEMPTS * STORED_EVERY_SECONDS + late
    yield Alert(
        name="TracingCheckFailing",
        expr=f'time() - {success}{{{job}, read!="stored"}} > {late}',
        for_seconds=_MINUTE_SECONDS,
        severity="critical",
        summary="No trace by {{ $labels.way }} as {{ $labels.tenant }} ({{ $labels.read }}) for "
        "{{ $value | humanizeDuration }}",
        description="Traces of this way and tenant do not arrive, or cannot be read. The other ways and tenants "
        "say which part it is.",
        runbook="synthetic-check.md#tracingcheckfailing",
    )
    yield Alert(
        name="TracingCheckStoredFailing",
        expr=f'time() - {success}{{{job}, read="stored"}} > {stored}',
        for_seconds=_MINUTE_SECONDS,
        severity="critical",
        summary="No older trace of {{ $labels.tenant }} could be read for {{ $value | humanizeDuration }}",
        description="Traces that were readable are not in the bucket, or Tempo cannot read it.",
        runbook="synthetic-check.md#tracingcheckstoredfailing",
    )
    yield Alert(
        name="TracingCheckMissing",
        expr=f"absent(up{{{job}}} == 1)",
        for_seconds=10 * _MINUTE_SECONDS,
        severity="warning",
        summary="The synthetic check does not answer",
        description="Nobody knows whether traces arrive: the alerts of the check cannot fire.",
        runbook="synthetic-check.md#tracingcheckmissing",
    )
