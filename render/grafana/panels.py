"""What the platform's boards share: rates, totals, links to runbooks and marks of firing alerts."""

from render.grafana import promql
from render.grafana.board import Annotation, Link, Query
from render.grafana.span_metrics import STEP
from settings.stack import StackSettings

# Quarters of a board: four figures in a line.
STAT_WIDTH, STAT_HEIGHT = 6, 4


def rate(selector: str, *labels: str) -> str:
    """Return a counter's rate between two points of a graph, summed by labels."""
    return promql.rate(selector, *labels, window=STEP)


def or_zero(expr: str) -> str:
    """Return a total that is 0 while no series exists, as that of a counter before its first loss."""
    return f"{expr} or vector(0)"


def quantile(share: float, selector: str, *labels: str) -> str:
    """Return a percentile of a histogram's buckets, by labels."""
    return f"histogram_quantile({share}, {rate(selector, 'le', *labels)})"


def quantiles(selector: str) -> tuple[Query, ...]:
    """Return the queries of the percentiles 50, 95 and 99 of a histogram's buckets."""
    return tuple(
        Query(expr=quantile(share, selector), legend=f"P{share * 100:.0f}") for share in (0.5, 0.95, 0.99)
    )


def runbook(settings: StackSettings, page: str) -> tuple[Link, ...]:
    """Return the link to a page of docs/runbooks, as in `queues.md#tracinggatewayqueuefull`."""
    return (Link(title="Runbook", url=f"{settings.alerts.runbooks_url.rstrip('/')}/{page}"),)


def firing(settings: StackSettings) -> tuple[Annotation, ...]:
    """Return the marks of this product's alerts; none where Prometheus evaluates none."""
    if settings.alerts.delivery != "prometheus_operator":
        return ()
    expr = 'ALERTS{alertname=~"Tracing.+", alertstate="firing"}'
    return (Annotation(name="Alerts", expr=expr, title="{{alertname}}"),)
