"""Errors: which services and operations fail, with the failed traces."""

from plan.plan import Plan
from render.grafana import span_metrics as spans
from render.grafana import trace_links
from render.grafana.board import Board, Panel, Query, Row
from render.grafana.dashboards.services import FAILED_LIMITS, counted
from settings.stack import StackSettings

_SHOWN = 20
# Old and new names of the semantic conventions: SDKs in use send either.
_SERVER_ERROR = "(span.http.response.status_code >= 500 || span.http.status_code >= 500)"


def errors(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board; without span metrics it shows what TraceQL alone finds."""
    measured = spans.has_span_metrics(settings)
    rows = [Row(title="Failed traces", panels=_traces(settings))]
    if measured:
        rows = [Row(title="Shares", panels=(_services(settings), _operations(settings))), *rows]
    if trace_links.answers_metrics(settings):
        rows.append(Row(title="From kept traces", panels=(_by_service(settings), _by_message(settings))))
    figures = f"Failed requests, {counted(settings)}" if measured else "Failed traces, each of which is kept."
    return Board(
        name="errors",
        title="Tracing / Errors",
        description=figures,
        rows=tuple(rows),
        variables=spans.variables(settings) if measured else (),
        audience="services",
        links=trace_links.of_board(settings),
    )


def _services(settings: StackSettings) -> Panel:
    return Panel(
        title="Failed requests by service",
        description="Share of each service's requests. If several rise together, the one that the others call is "
        "the likely cause: see Tracing / Dependencies. Click a line for its failed traces and logs.",
        unit="percentunit",
        queries=(Query(expr=spans.failed_share(settings, "service", spans.STEP), legend="{{service}}"),),
        limits=FAILED_LIMITS,
        width=12,
        value_links=trace_links.of_series(settings),
    )


def _operations(settings: StackSettings) -> Panel:
    by, window = "service, span_name", spans.SPAN
    failed = f"{spans.rate(settings, by, window, spans.FAILED)} > 0"
    share = f"{spans.failed_share(settings, by, window)} > 0"
    return Panel(
        title="Operations that fail",
        description="Over the time shown; operations without a failure are left out. Click a value for the failed "
        "traces and the logs of the service.",
        unit="percentunit",
        kind="table",
        queries=(
            Query(expr=f"topk({_SHOWN}, {failed})", instant=True),
            Query(expr=f"topk({_SHOWN}, {share})", instant=True),
        ),
        width=12,
        value_links=trace_links.of_rows(settings),
        columns=(
            ("service", "Service"),
            ("span_name", "Operation"),
            ("Value #A", "Failures a second"),
            ("Value #B", "Failed"),
        ),
        units=(("Failures a second", "reqps"),),
    )


def _traces(settings: StackSettings) -> tuple[Panel, ...]:
    service = trace_links.chosen(settings)
    return (
        Panel(
            title="Failed traces",
            description="The latest in which the service has a failed span; every failed trace is kept. Open one, "
            "and follow the failed spans down to the last: it names the cause.",
            unit="none",
            kind="traces",
            queries=(Query(expr=f"{{ {service} && status = error }}", language="traceql"),),
            width=12,
        ),
        Panel(
            title="Answers with a server error",
            description="HTTP status 500 and above, by the old and the new name of the attribute. One whose span "
            "has no failed child comes from the service itself.",
            unit="none",
            kind="traces",
            queries=(Query(expr=f"{{ {service} && {_SERVER_ERROR} }}", language="traceql"),),
            width=12,
        ),
    )


def _by_service(settings: StackSettings) -> Panel:
    failed = f"{{ {trace_links.chosen(settings)} && status = error }}"
    return Panel(
        title="Failed spans a second by service",
        description="All kinds of spans, so that failing jobs and clients are seen too. Every failed trace is "
        "kept, so these rates are true. Compare with the shares above.",
        unit="cps",
        queries=(Query(expr=f"{failed} | rate() by (resource.service.name)", language="traceql_metrics"),),
        width=12,
    )


def _by_message(settings: StackSettings) -> Panel:
    failed = f"{{ {trace_links.chosen(settings)} && status = error }}"
    return Panel(
        title="Failed spans a second by message",
        description="Masked messages of failed spans. A message that is new since a deployment names its defect.",
        unit="cps",
        queries=(Query(expr=f"{failed} | rate() by (statusMessage)", language="traceql_metrics"),),
        width=12,
    )
