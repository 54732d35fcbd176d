"""The dashboards and rules of the stacks and of variants that run the other kinds of Tempo."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from plan.limits import checked_plan
from render.files import Rendered, render
from settings.stack import StackSettings
from tests.support.queries import SourcedQuery, queries_of, rule_queries
from tests.support.stacks import UNMONITORED, settings_of
from tests.support.tempo_configs import of_3

# Each committed stack, and what none of them is: Tempo 3 in both modes, other logs, no Prometheus.
VARIANTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "dojo": ("dojo", {}),
    "staging": ("staging", {}),
    "prod": ("prod", {}),
    "prod with Tempo 3": ("prod", of_3()),
    "dojo with Tempo 3": ("dojo", of_3(kafka=False)),
    "dojo with logs in OpenSearch": ("dojo", {"grafana.logs_backend": "opensearch"}),
    "dojo without Prometheus": ("dojo", UNMONITORED),
}


@cache
def variant(name: str) -> StackSettings:
    """Return the settings of a variant."""
    stack, changes = VARIANTS[name]
    return settings_of(stack, dict(changes))


@cache
def rendered(name: str) -> Rendered:
    """Return all rendered files of a variant."""
    settings = variant(name)
    return render(settings, checked_plan(settings))


def boards_of(name: str) -> list[dict[str, Any]]:
    """Return the JSON of every dashboard of a variant."""
    return [json.loads(text) for text in rendered(name).dashboards.values()]


def panels_of(board: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a dashboard's panels without its rows."""
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def promql_of(name: str) -> Iterator[SourcedQuery]:
    """Yield every PromQL expression of a variant's boards and rules."""
    for board in boards_of(name):
        yield from (query for query in queries_of(board) if query.language == "promql")
    for text in rendered(name).rules.values():
        yield from rule_queries(text)
