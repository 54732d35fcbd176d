"""Cases of the alerts on the synthetic check."""

from collections.abc import Mapping

from plan.plan import Plan
from settings.stack import StackSettings
from tests.support.alert_cases.case import Case, Firing, Series, Story, clock, gauge


def _labels(settings: StackSettings) -> dict[str, str]:
    return {"job": f"{settings.environment.namespace}/tracing-check", "pod": "tracing-check-0"}


def _runs_with(settings: StackSettings) -> tuple[Series, ...]:
    labels = _labels(settings)
    return (
        gauge("tracing_check_interval_seconds", 60, 60, **labels),
        gauge("tracing_check_deadline_seconds", 120, 120, **labels),
    )


def _last(settings: StackSettings, read: str, *, fails: bool) -> Series:
    """Return the time of the last success, which is now in each minute of a healthy stack."""
    where = {"way": "agent", "tenant": "backstage", "read": read}
    return clock("tracing_check_last_success_timestamp_seconds", 0 if fails else 60, **_labels(settings), **where)


def _fails(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    series = (_last(settings, "id", fails=True), _last(settings, "search", fails=False), *_runs_with(settings))
    return Story(
        series=series,
        fires=(
            Firing(
                labels={"way": "agent", "tenant": "backstage", "read": "id"},
                summary="No test trace arrived by the way agent for 29m 0s",
            ),
        ),
    )


def _stored(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    summary = "backstage has found no older test trace for 3h 59m 0s"
    fires = Firing(labels={"way": "agent", "tenant": "backstage"}, summary=summary)
    series = (_last(settings, "stored", fails=True), _last(settings, "id", fails=False), *_runs_with(settings))
    return Story(series=series, fires=(fires,), fault_minutes=240)


def _missing(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    series = (gauge("up", 1, None, **_labels(settings)),)
    return Story(series=series, fires=(Firing(summary="The synthetic check does not run"),))


def _skew(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - as above
    series = (gauge("tracing_check_clock_skew_seconds", 1, -90, **_labels(settings)),)
    summary = "Clocks of Tempo and the check differ by 1m 30s"
    return Story(series=series, fires=(Firing(summary=summary),))


CASES: Mapping[str, Case] = {
    "TracingCheckFails": _fails,
    "TracingStoredTraceMissing": _stored,
    "TracingCheckMissing": _missing,
    "TracingClockSkew": _skew,
}
