"""Cases of the synthetic check."""

from collections.abc import Mapping

from plan.plan import Plan
from render.synthetic_check import checked_tenants
from settings.stack import StackSettings
from tests.support.alert_cases.case import AFTER, HEALTHY, Case, Firing, Series, Story, gauge

_SUCCESS = "tracing_check_last_success_timestamp_seconds"
_JOB = "fawkes-observability/tracing-check"


class _LastSuccess(Series):
    """A time that follows the clock, stands still during a fault, and is the time again after it."""

    def values(self, fault_minutes: int) -> str:
        """Return its samples."""
        end = 60 * (HEALTHY + fault_minutes)
        return f"0+60x{HEALTHY - 1} {60 * (HEALTHY - 1)}+0x{fault_minutes - 1} {end}+60x{AFTER - 1}"


def _success(settings: StackSettings, read: str) -> Series:
    return _LastSuccess(name=_SUCCESS, labels={"job": _JOB, **_labels(settings, read)}, healthy=None, fault=None)


def _labels(settings: StackSettings, read: str) -> dict[str, str]:
    return {"way": "gateway", "tenant": checked_tenants(settings)[0], "read": read}


def _failing(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    labels = _labels(settings, "id")
    return Story(
        series=(_success(settings, "id"),),
        fires=(
            Firing(
                labels={"job": _JOB, **labels},
                summary=f"No trace by gateway as {labels['tenant']} (id) for 30m 0s",
            ),
        ),
    )


def _stored(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    labels = _labels(settings, "stored")
    return Story(
        series=(_success(settings, "stored"),),
        fires=(
            Firing(
                labels={"job": _JOB, **labels},
                summary=f"No older trace of {labels['tenant']} could be read for 3h 0m 0s",
            ),
        ),
        fault_minutes=180,
    )


def _missing(settings: StackSettings, plan: Plan) -> Story:  # noqa: ARG001 - cases share one signature
    return Story(
        series=(gauge("up", 1, None, job=_JOB),),
        fires=(Firing(labels={"job": _JOB}, summary="The synthetic check does not answer"),),
    )


CASES: Mapping[str, Case] = {
    "TracingCheckFailing": _failing,
    "TracingCheckStoredFailing": _stored,
    "TracingCheckMissing": _missing,
}
