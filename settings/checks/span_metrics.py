"""Checks of the source of span metrics."""

from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings


def span_metrics_reach_prometheus(settings: StackSettings) -> Iterator[Problem]:
    """Prometheus scrapes agents, and Tempo writes to Prometheus."""
    source, grafana = settings.span_metrics.source, settings.grafana
    if source == "agents" and not grafana.service_monitors:
        yield _unreachable(
            source, "nothing scrapes them without grafana.service_monitors", "grafana.service_monitors"
        )
    if source == "tempo" and grafana.prometheus_url is None:
        yield _unreachable(
            source, "Tempo sends them nowhere without grafana.prometheus_url", "grafana.prometheus_url"
        )


def dimensions_have_an_effect(settings: StackSettings) -> Iterator[Problem]:
    """Only the agents' metrics have further labels."""
    metrics = settings.span_metrics
    if metrics.dimensions and metrics.source != "agents":
        yield Problem(
            "span_metrics.dimensions",
            f"does not apply to span_metrics.source {shown(metrics.source)}",
            shown(list(metrics.dimensions)),
            "nothing",
            "Remove it, or set span_metrics.source to agents.",
        )


def dimensions_are_listed_once(settings: StackSettings) -> Iterator[Problem]:
    """The connector refuses the same dimension twice."""
    dimensions = settings.span_metrics.dimensions
    if repeated := sorted({name for name in dimensions if dimensions.count(name) > 1}):
        yield Problem(
            "span_metrics.dimensions",
            f"lists {', '.join(repeated)} more than once",
            shown(list(dimensions)),
            "each attribute once",
            "Remove the repetition.",
        )


def _unreachable(source: str, why: str, setting: str) -> Problem:
    return Problem(
        "span_metrics.source",
        f"has metrics that Prometheus does not get: {why}",
        shown(source),
        shown("none"),
        f"Set {setting}, or choose another source.",
    )
