"""Service overview: rate, errors and duration of every service and operation."""

from plan.plan import Plan
from render.grafana import span_metrics as spans
from render.grafana import trace_links
from render.grafana.board import Board, Limits, Panel, Query, Row
from render.grafana.thresholds import FAILED_SHARE_CRITICAL, FAILED_SHARE_WARNING
from settings.stack import StackSettings

# More lines than this cannot be told apart.
_SHOWN = 10
FAILED_LIMITS = Limits(warning=FAILED_SHARE_WARNING, critical=FAILED_SHARE_CRITICAL)


def services(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board; it needs span metrics."""
    return Board(
        name="services",
        title="Tracing / Services",
        description=f"Rate, errors and duration of requests, {counted(settings)}",
        rows=(
            Row(title="Now", panels=(_rate_now(settings), _failed_now(settings), slow_now(settings))),
            Row(title="Services", panels=(_table(settings),)),
            Row(title="By service", panels=tuple(_by(settings, "service", "service", "{{service}}"))),
            Row(
                title="By operation",
                panels=tuple(_by(settings, "operation", "service, span_name", "{{service}} {{span_name}}")),
            ),
        ),
        variables=spans.variables(settings),
        audience="services",
        links=trace_links.of_board(settings),
    )


def counted(settings: StackSettings) -> str:
    """Return the end of a sentence that says which requests are counted."""
    if settings.span_metrics.source == "agents":
        return "counted before sampling: every request is in the figures."
    return "counted after sampling: failed and slow requests weigh too much. Compare, do not report them."


def _rate_now(settings: StackSettings) -> Panel:
    return Panel(
        title="Requests a second",
        description="All chosen services together, over the time shown. If it falls to 0, look whether the "
        "services run and whether the agents receive spans (Tracing / Collectors).",
        unit="reqps",
        kind="stat",
        queries=(Query(expr=f"{spans.rate(settings, '', spans.SPAN)} or vector(0)", instant=True),),
        height=4,
    )


def _failed_now(settings: StackSettings) -> Panel:
    return Panel(
        title="Failed requests",
        description="Share of requests whose span has the status error, over the time shown. Above 1 %, find the "
        "service in the table below and open its failed traces.",
        unit="percentunit",
        kind="stat",
        queries=(Query(expr=f"{spans.failed_share(settings, '', spans.SPAN)} or vector(0)", instant=True),),
        limits=FAILED_LIMITS,
        height=4,
    )


def slow_now(settings: StackSettings) -> Panel:
    """Return the panel of the 95th percentile of everything chosen."""
    return Panel(
        title="P95 duration",
        description="95 of 100 requests are faster, over the time shown. Critical is what the gateways call slow: "
        "each such trace is kept, so Tracing / Latency has examples.",
        unit="s",
        kind="stat",
        queries=(Query(expr=spans.quantile(settings, 0.95, "", spans.SPAN), instant=True),),
        limits=slow_limits(settings),
        height=4,
    )


def slow_limits(settings: StackSettings) -> Limits:
    """Return the limits of durations in seconds: slow is what the gateways keep for being slow."""
    slow = settings.sampling.slow_threshold_ms / 1000
    return Limits(warning=slow / 2, critical=slow)


def _table(settings: StackSettings) -> Panel:
    by, window = "service", spans.SPAN
    expressions = (
        spans.rate(settings, by, window),
        spans.failed_share(settings, by, window),
        *(spans.quantile(settings, share, by, window) for share in (0.5, 0.95, 0.99)),
    )
    names = ("Requests a second", "Failed", "P50", "P95", "P99")
    columns = tuple((f"Value #{chr(ord('A') + number)}", name) for number, name in enumerate(names))
    return Panel(
        title="Services",
        description="Over the time shown. Click a value for the service's traces, failures and logs.",
        unit="s",
        kind="table",
        queries=tuple(Query(expr=expr, instant=True) for expr in expressions),
        width=24,
        value_links=trace_links.of_rows(settings),
        columns=(("service", "Service"), *columns),
        units=(("Requests a second", "reqps"), ("Failed", "percentunit")),
    )


def _by(settings: StackSettings, what: str, labels: str, legend: str) -> tuple[Panel, Panel, Panel]:
    """Return the panels of rate, errors and duration by these labels."""
    links, window = trace_links.of_series(settings), spans.STEP
    top = f"topk({_SHOWN}, {{}})"
    return (
        Panel(
            title=f"Requests by {what}",
            description=f"The {_SHOWN} busiest. A sudden fall is an outage of the {what} or of what calls it; see "
            "Tracing / Dependencies for the callers.",
            unit="reqps",
            queries=(Query(expr=top.format(spans.rate(settings, labels, window)), legend=legend),),
            value_links=links,
        ),
        Panel(
            title=f"Failed requests by {what}",
            description=f"The {_SHOWN} largest shares. Click a line for the failed traces.",
            unit="percentunit",
            queries=(Query(expr=top.format(spans.failed_share(settings, labels, window)), legend=legend),),
            limits=FAILED_LIMITS,
            value_links=links,
        ),
        Panel(
            title=f"P95 duration by {what}",
            description=f"The {_SHOWN} slowest. Click a line for its traces, or see Tracing / Latency.",
            unit="s",
            queries=(Query(expr=top.format(spans.quantile(settings, 0.95, labels, window)), legend=legend),),
            limits=slow_limits(settings),
            value_links=links,
        ),
    )
