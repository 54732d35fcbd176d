"""PromQL of span metrics for boards: names, matchers of what a board shows, rates and shares."""

from typing import Final

from render.grafana.board import Variable
from render.tenants import multitenancy
from settings.stack import StackSettings

CALLS: Final = "traces_spanmetrics_calls_total"
BUCKETS: Final = "traces_spanmetrics_latency_bucket"
# What a service is asked to do: the spans of its callers and of its own work would count a request several times.
REQUESTS: Final = 'span_kind=~"SPAN_KIND_(SERVER|CONSUMER)"'
FAILED: Final = 'status_code="STATUS_CODE_ERROR"'
# Between two points of a graph, and over the whole time that the board shows.
STEP: Final = "$__rate_interval"
SPAN: Final = "$__range"


def has_span_metrics(settings: StackSettings) -> bool:
    """Return whether the stack makes span metrics, and so whether a board of them would show anything."""
    return settings.span_metrics.source != "none"


def variables(settings: StackSettings) -> tuple[Variable, ...]:
    """Return the choices of a board: tenant and namespace where spans are counted by them, service, operation.

    Each offers what the choices before it leave.
    """
    found: list[Variable] = []
    matchers: list[str] = []
    for name, metric_label, title in _labels(settings):
        series = f"{CALLS}{{{', '.join(matchers)}}}" if matchers else CALLS
        found.append(Variable(name=name, label=title, query=f"label_values({series}, {metric_label})"))
        matchers.append(f'{metric_label}=~"${name}"')
    return tuple(found)


def matching(settings: StackSettings, *further: str) -> str:
    """Return the matchers of the board's choices, and further ones, in braces."""
    chosen = [f'{metric_label}=~"${name}"' for name, metric_label, _ in _labels(settings)]
    return f"{{{', '.join([*chosen, *further])}}}"


def rate(settings: StackSettings, by: str, window: str, *further: str) -> str:
    """Return requests a second by these labels (`service, span_name`; none for all together)."""
    return f"sum{_by(by)} (rate({CALLS}{matching(settings, REQUESTS, *further)}[{window}]))"


def failed_share(settings: StackSettings, by: str, window: str) -> str:
    """Return the share of failed requests, from 0 to 1: 0 where none failed, nothing where there were none."""
    requests = rate(settings, by, window)
    return f"({rate(settings, by, window, FAILED)} or 0 * {requests}) / ({requests} > 0)"


def quantile(settings: StackSettings, share: float, by: str, window: str) -> str:
    """Return a percentile of the requests' durations, in seconds."""
    labels = f"le, {by}" if by else "le"
    counted = f"rate({BUCKETS}{matching(settings, REQUESTS)}[{window}])"
    return f"histogram_quantile({share}, sum by ({labels}) ({counted}))"


def _by(labels: str) -> str:
    return f" by ({labels})" if labels else ""


def _labels(settings: StackSettings) -> tuple[tuple[str, str, str], ...]:
    """Return name, metric label and title of each choice, from the widest to the narrowest."""
    agents = settings.span_metrics.source == "agents"
    # Agents name the tenant where namespaces are tenants, Tempo wherever it has tenants.
    tenants = settings.tenants.mode == "by_namespace" if agents else multitenancy(settings)
    return (
        *((("tenant", "tenant", "Tenant"),) if tenants else ()),
        *((("namespace", "k8s_namespace_name", "Namespace"),) if agents else ()),
        ("service", "service", "Service"),
        ("operation", "span_name", "Operation"),
    )
