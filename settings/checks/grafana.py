"""Checks of the datasources that a stack provisions."""

from collections.abc import Iterator

from settings.checks.presence import present_only_if
from settings.problems import Problem, shown
from settings.stack import StackSettings


def datasources_have_an_address(settings: StackSettings) -> Iterator[Problem]:
    """Grafana cannot ask a Prometheus or a store of logs whose address nobody names."""
    grafana = settings.grafana
    by = {"grafana.datasources": ", ".join(grafana.datasources)}
    if "prometheus" in grafana.datasources:
        yield from present_only_if(True, "grafana.prometheus_url", grafana.prometheus_url, by=by, wanted="a URL")
    logs = "logs" in grafana.datasources
    yield from present_only_if(logs, "grafana.logs_url", grafana.logs_url, by=by, wanted="a URL")


def datasources_are_listed_once(settings: StackSettings) -> Iterator[Problem]:
    """Grafana refuses to start with two datasources of one uid in a file."""
    listed = settings.grafana.datasources
    if repeated := sorted({name for name in listed if listed.count(name) > 1}):
        yield Problem(
            "grafana.datasources",
            f"lists {', '.join(repeated)} more than once",
            shown(list(listed)),
            "each datasource once",
            "Remove the repetition.",
        )
