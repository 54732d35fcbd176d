"""Links from a service on a board to its traces, its failures, its logs and its own board."""

from render.grafana import links, uids
from render.grafana.board import Link
from render.grafana.span_metrics import has_span_metrics
from settings.stack import StackSettings

# As Loki's OTLP endpoint names the attribute service.name.
_LOGS = '{service_name="$service"}'
_TRACES = '{ resource.service.name = "$service" }'
_FAILED = '{ resource.service.name = "$service" && status = error }'


def of_series(settings: StackSettings, label: str = "service") -> tuple[Link, ...]:
    """Return the links of a graph's series that has the service as this label."""
    return _of(settings, links.series(label))


def of_rows(settings: StackSettings, column: str = "Service") -> tuple[Link, ...]:
    """Return the links of a table's row that has the service in the column of this shown name."""
    return _of(settings, links.column(column))


def of_board(settings: StackSettings) -> tuple[Link, ...]:
    """Return the links at the top of a board for application teams: the runbook, and how to go on in TraceQL."""
    runbooks = settings.alerts.runbooks_url.rstrip("/")
    return (
        Link(title="Runbook", url=f"{runbooks}/slos.md"),
        Link(title="TraceQL cookbook", url=f"{runbooks.rpartition('/')[0]}/traceql.md"),
    )


def chosen(settings: StackSettings) -> str:
    """Return the TraceQL condition for the services that a board shows; all of them where it offers no choice."""
    return 'resource.service.name =~ "$service"' if has_span_metrics(settings) else "resource.service.name != nil"


def answers_metrics(settings: StackSettings) -> bool:
    """Return whether Tempo answers TraceQL metrics: in 2.x only if generators write blocks for them."""
    return settings.tempo.traceql_metrics or not settings.tempo.traceql_metrics_need_generators


def _of(settings: StackSettings, service: str) -> tuple[Link, ...]:
    values = {"service": service}
    found = [
        Link(title="Failed traces", url=links.explore_traceql(_FAILED, values)),
        Link(title="Traces", url=links.explore_traceql(_TRACES, values)),
    ]
    # The platform's logs in OpenSearch have no field that is sure to hold the service.
    if settings.grafana.logs_backend == "loki":
        found.append(Link(title="Logs", url=links.explore_logs(_LOGS, values, uids.logs(settings))))
    found.append(Link(title="Errors of this service", url=links.dashboard("errors", values)))
    found.append(Link(title="Latency of this service", url=links.dashboard("latency", values)))
    return tuple(found)
