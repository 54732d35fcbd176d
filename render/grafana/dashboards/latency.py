"""Latency: how durations are spread, which operations are slow, and traces that show why."""

from plan.plan import Plan
from render.grafana import span_metrics as spans
from render.grafana import trace_links
from render.grafana.board import Board, Panel, Query, Row
from render.grafana.dashboards.services import counted, slow_limits
from settings.stack import StackSettings

_SHOWN = 20
_PERCENTILES = (0.5, 0.95, 0.99)


def latency(settings: StackSettings, plan: Plan) -> Board:  # noqa: ARG001 - boards share one signature
    """Return the board; without span metrics it shows what TraceQL alone finds."""
    measured = spans.has_span_metrics(settings)
    rows = [Row(title="Traces", panels=_traces(settings))]
    if measured:
        rows = [
            Row(title="Durations", panels=(_heatmap(settings), _percentiles(settings))),
            Row(title="Slowest operations", panels=(_operations(settings),)),
            *rows,
        ]
    figures = (
        f"Durations of requests, {counted(settings)}" if measured else "Slow traces among those that are kept."
    )
    return Board(
        name="latency",
        title="Tracing / Latency",
        description=figures,
        rows=tuple(rows),
        variables=spans.variables(settings) if measured else (),
        audience="services",
        links=trace_links.of_board(settings),
    )


def _heatmap(settings: StackSettings) -> Panel:
    counted = f"increase({spans.BUCKETS}{spans.matching(settings, spans.REQUESTS)}[{spans.STEP}])"
    return Panel(
        title="Durations",
        description="Requests by duration. Two bands are two kinds of requests, such as hits and misses of a "
        "cache. The points are exemplars: click one for its trace.",
        unit="s",
        kind="heatmap",
        queries=(Query(expr=f"sum by (le) ({counted})", legend="{{le}}", exemplars=True),),
        width=12,
        height=10,
    )


def _percentiles(settings: StackSettings) -> Panel:
    return Panel(
        title="Percentiles",
        description="If P99 rises alone, look at the slow traces below; if P50 rises too, everything is slower: "
        "look at what all requests share, such as a database or a node. The points are exemplars.",
        unit="s",
        queries=tuple(
            Query(
                expr=spans.quantile(settings, share, "", spans.STEP),
                legend=f"P{round(share * 100)}",
                # Those of all three would be the same.
                exemplars=share == _PERCENTILES[-1],
            )
            for share in _PERCENTILES
        ),
        limits=slow_limits(settings),
        width=12,
        height=10,
    )


def _operations(settings: StackSettings) -> Panel:
    by, window = "service, span_name", spans.SPAN
    slowest = f"topk({_SHOWN}, {spans.quantile(settings, 0.95, by, window)} >= 0)"
    # Only of the operations in the first column of figures; the others would be lines without a percentile.
    others = (spans.quantile(settings, 0.99, by, window), spans.rate(settings, by, window))
    return Panel(
        title="Slowest operations",
        description=f"The {_SHOWN} operations with the highest P95 over the time shown. Slow and frequent ones "
        "are worth an improvement first. Click a value for traces.",
        unit="s",
        kind="table",
        queries=(
            Query(expr=slowest, instant=True),
            *(Query(expr=f"{other} and on ({by}) {slowest}", instant=True) for other in others),
        ),
        width=24,
        value_links=trace_links.of_rows(settings),
        columns=(
            ("service", "Service"),
            ("span_name", "Operation"),
            ("Value #A", "P95"),
            ("Value #B", "P99"),
            ("Value #C", "Requests a second"),
        ),
        units=(("Requests a second", "reqps"),),
    )


def _traces(settings: StackSettings) -> tuple[Panel, ...]:
    """Return tables of slow traces, and where TraceQL metrics are answered their durations by service."""
    service = trace_links.chosen(settings)
    slow = f"{settings.sampling.slow_threshold_ms}ms"
    return (
        Panel(
            title=f"Slow traces (longer than {slow})",
            description="The latest; each such trace is kept. Open one and look for the span that takes the time: "
            "the longest that has no long child.",
            unit="s",
            kind="traces",
            queries=(Query(expr=f"{{ {service} && trace:duration > {slow} }}", language="traceql"),),
            width=12,
        ),
        Panel(
            title="Traces that wait for another service",
            description=f"A client's span longer than {slow}: the time is spent in what it calls, or on the way "
            "there. See Tracing / Dependencies for the pair.",
            unit="s",
            kind="traces",
            queries=(Query(expr=f"{{ {service} && kind = client && duration > {slow} }}", language="traceql"),),
            width=12,
        ),
    )
