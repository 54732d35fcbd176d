"""The five DORA metrics of the platform, with what traces know about each."""

from plan.plan import Plan
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.dashboards.deployments import DEPLOYED
from render.grafana.thresholds import (
    CHANGE_FAILURE_CRITICAL_RATIO,
    CHANGE_FAILURE_RATIO,
    LEAD_TIME_CRITICAL_HOURS,
    LEAD_TIME_HOURS,
    RECOVERY_CRITICAL_HOURS,
    RECOVERY_HOURS,
    REWORK_CRITICAL_RATIO,
    REWORK_RATIO,
)
from settings.stack import StackSettings

_SUCCEEDED = 'span.deployment.status = "succeeded"'
_SOURCE = (
    "Recorded by the platform (docs/dora.md); empty where it does not record it. The rows below have the detail."
)


def dora(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board."""
    return Board(
        name="dora",
        title="Tracing / DORA",
        description="The platform's five figures of delivery, and the traces that explain them.",
        audience="delivery",
        span="now-24h",
        annotations=(DEPLOYED,),
        rows=(
            Row(title="The platform's figures of 30 days", panels=tuple(_figures())),
            Row(title="Throughput, from traces", panels=(_deployed(), _lead_time(), _recovery())),
            Row(title="Instability, from traces", panels=(_outcomes(), _rework(), _failed())),
        ),
    )


def _figures() -> list[Panel]:
    return [
        _figure("Deployments a day", "dora:deployment_frequency:rate30d", "short", None, 4),
        _figure("Change lead time", "dora:lead_time_hours:p50_30d", "h", _limits("lead time"), 5),
        _figure("Change fail rate", "dora:change_failure_rate:ratio30d", "percentunit", _limits("failures"), 5),
        _figure("Failed deployment recovery time", "dora:fdrt_hours:p50_30d", "h", _limits("recovery"), 5),
        _figure("Deployment rework rate", "dora:rework_rate:ratio", "percentunit", _limits("rework"), 5),
    ]


def _limits(of: str) -> Limits:
    return {
        "lead time": Limits(warning=LEAD_TIME_HOURS, critical=LEAD_TIME_CRITICAL_HOURS),
        "failures": Limits(warning=CHANGE_FAILURE_RATIO, critical=CHANGE_FAILURE_CRITICAL_RATIO),
        "recovery": Limits(warning=RECOVERY_HOURS, critical=RECOVERY_CRITICAL_HOURS),
        "rework": Limits(warning=REWORK_RATIO, critical=REWORK_CRITICAL_RATIO),
    }[of]


def _figure(title: str, series: str, unit: str, limits: Limits | None, width: int) -> Panel:
    query = Query(expr=series, instant=True)
    return Panel(
        title=title,
        description=_SOURCE,
        unit=unit,
        kind="stat",
        queries=(query,),
        limits=limits,
        width=width,
        height=5,
    )


def _metric(title: str, description: str, unit: str, expr: str) -> Panel:
    query = Query(expr=expr, language="traceql_metrics")
    return Panel(title=title, description=description, unit=unit, queries=(query,), width=8)


def _deployed() -> Panel:
    return _metric(
        "Deployments that succeeded",
        "By application. Small and frequent ones fail less, and are easier to repair.",
        "short",
        f"{{ {_SUCCEEDED} }} | count_over_time() by (span.deployment.name)",
    )


def _lead_time() -> Panel:
    return _metric(
        "Lead time since the commit",
        "Median, from the commit and not from the start of a pipeline. Stages are on the board of deployments.",
        "s",
        f"{{ {_SUCCEEDED} }} | quantile_over_time(span.fawkes.lead_time_s, 0.5) by (span.deployment.name)",
    )


def _recovery() -> Panel:
    return _metric(
        "Time to repair a failed deployment",
        "From its end to that of the deployment that repaired it. Long ones have a slow pipeline or no rollback.",
        "s",
        "{ span.fawkes.recovery_time_s > 0 } "
        "| quantile_over_time(span.fawkes.recovery_time_s, 0.5) by (span.deployment.name)",
    )


def _outcomes() -> Panel:
    return _metric(
        "Deployments by outcome",
        "The share of failed ones is the change fail rate.",
        "short",
        "{ span.deployment.status != nil } | count_over_time() by (span.deployment.status)",
    )


def _rework() -> Panel:
    return _metric(
        "Unplanned deployments",
        "Deployments that repaired a failed one instead of delivering something new.",
        "short",
        "{ span.fawkes.rework = true } | count_over_time() by (span.deployment.name)",
    )


def _failed() -> Panel:
    traceql = (
        '{ span.deployment.status = "failed" } | select(span.deployment.name, resource.vcs.ref.head.revision)'
    )
    return Panel(
        title="Failed deployments",
        description="Open one for the task that failed; search its revision for the requests that failed with it.",
        unit="short",
        kind="traces",
        queries=(Query(expr=traceql, language="traceql"),),
        width=8,
    )
