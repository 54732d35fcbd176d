"""Logs with traces: the logs of the chosen services that belong to a trace, beside their failed traces."""

from plan.plan import Plan
from render.grafana import span_metrics as spans
from render.grafana import trace_links
from render.grafana.board import Board, Panel, Query, Row
from settings.stack import StackSettings

# As Loki's OTLP endpoint names the attribute service.name, and the trace's id (structured metadata).
_LOGS = '{service_name=~"$service"} | trace_id != ""'
_FAILED_LOGS = f'{_LOGS} | detected_level =~ "error|fatal|critical"'
_OPENSEARCH = """\
The platform's logs are in OpenSearch, whose index has no field that is sure to hold the service. To see a trace's
logs, open the trace on the left and follow `Logs for this span`, or search in Explore for

    trace_id:"0123456789abcdef0123456789abcdef"
"""


def logs(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board; it needs span metrics, which know the services."""
    loki = settings.grafana.logs_backend == "loki"
    return Board(
        name="logs",
        title="Tracing / Logs with traces",
        description="Logs of the chosen services that name a trace, beside the services' failed traces.",
        rows=(
            Row(title="Failed traces", panels=(_failed(settings),)),
            Row(title="Logs", panels=(_lines(), _errors()) if loki else (_elsewhere(),)),
        ),
        variables=spans.variables(settings),
        audience="services",
        links=trace_links.of_board(settings),
    )


def _failed(settings: StackSettings) -> Panel:
    return Panel(
        title="Failed traces of the chosen services",
        description="Open one and follow `Logs for this span`: the same trace id is in the lines below.",
        unit="none",
        kind="traces",
        queries=(Query(expr=f"{{ {trace_links.chosen(settings)} && status = error }}", language="traceql"),),
        width=24,
    )


def _lines() -> Panel:
    return Panel(
        title="Logs that belong to a trace",
        description="Lines with a trace id; open one for the link to its trace. None means that the service's log "
        "library does not write the id.",
        unit="none",
        kind="logs",
        queries=(Query(expr=_LOGS, language="logql"),),
        width=12,
        height=14,
    )


def _errors() -> Panel:
    return Panel(
        title="Errors that belong to a trace",
        description="The same lines of level error and above.",
        unit="none",
        kind="logs",
        queries=(Query(expr=_FAILED_LOGS, language="logql"),),
        width=12,
        height=14,
    )


def _elsewhere() -> Panel:
    return Panel(
        title="Logs in OpenSearch",
        description="How to find the logs of a trace in OpenSearch.",
        unit="none",
        kind="text",
        text=_OPENSEARCH,
        width=24,
    )
