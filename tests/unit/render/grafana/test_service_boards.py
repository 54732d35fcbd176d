"""The boards for application teams show what a stack has, and lead from a figure to traces, logs and boards."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import promql_parser
import pytest

from plan.limits import checked_plan
from render.grafana.board import Board
from render.grafana.dashboards import boards
from render.grafana.house import dashboard
from settings.project import REPO
from tests.support.queries import interpolated, queries_of, variables_of
from tests.support.stacks import ABSENT, UNMONITORED, settings_of
from tests.support.tempo_configs import of_3

NAMES = ("services", "dependencies", "latency", "errors")
WITHOUT_SPAN_METRICS = {"span_metrics": ABSENT, "alerts": ABSENT}
TRACEQL = {"traceql", "traceql_metrics"}
WINDOWS = {"__rate_interval": "1m", "__range": "1h", "__interval": "15s"}


def of_services(stack: str, changes: Mapping[str, Any] | None = None) -> dict[str, Board]:
    """Return the boards of a changed stack for application teams by name."""
    settings = settings_of(stack, dict(changes or {}))
    return {one.name: one for one in boards(settings, checked_plan(settings)) if one.audience == "services"}


def languages(board: Board) -> set[str]:
    """Return the languages of a board's queries."""
    return {query.language for query in queries_of(dashboard(board))}


def variables(board: Board) -> list[str]:
    """Return the names of a board's own variables, in their order."""
    return [variable.name for variable in board.variables]


def test_every_committed_stack_has_all_four() -> None:
    for stack in ("dojo", "staging", "prod"):
        assert set(NAMES) <= set(of_services(stack))


def test_without_any_metrics_two_boards_show_what_traceql_finds() -> None:
    found = of_services("dojo", UNMONITORED)
    assert {"latency", "errors"} == set(found) & set(NAMES)
    for name in ("latency", "errors"):
        assert languages(found[name]) <= TRACEQL
        assert found[name].variables == ()
        assert "$service" not in json.dumps(dashboard(found[name])["panels"])


def test_service_graphs_are_shown_without_span_metrics_where_tempo_writes_them() -> None:
    found = of_services("dojo", WITHOUT_SPAN_METRICS)
    assert "dependencies" in found
    assert "services" not in found


def test_traceql_metrics_are_asked_only_where_they_are_answered() -> None:
    off = {"tempo.traceql_metrics": False}
    assert "traceql_metrics" in languages(of_services("prod")["errors"])
    assert "traceql_metrics" not in languages(of_services("prod", off)["errors"])
    assert "traceql_metrics" in languages(of_services("prod", of_3(off))["errors"])


@pytest.mark.parametrize(
    ("stack", "changes", "expected"),
    [
        ("dojo", {}, ["namespace", "service", "operation"]),
        ("prod", {}, ["tenant", "namespace", "service", "operation"]),
        ("prod", {"span_metrics.source": "tempo"}, ["tenant", "service", "operation"]),
    ],
)
def test_the_choices_are_labels_that_the_source_sets(
    stack: str, changes: dict[str, Any], expected: list[str]
) -> None:
    board = of_services(stack, changes)["services"]
    assert variables(board) == expected
    assert board.variables[-1].query.endswith('service=~"$service"}, span_name)')


@pytest.mark.parametrize("stack", ["dojo", "prod"])
@pytest.mark.parametrize("name", NAMES)
def test_every_query_uses_each_choice_of_its_board_and_can_be_read(stack: str, name: str) -> None:
    document = dashboard(of_services(stack)[name])
    chosen = variables_of(document)
    assert chosen
    for query in queries_of(document):
        text = interpolated(query.expr, chosen | WINDOWS)
        if query.language == "promql":
            promql_parser.parse(text)
        if query.language == "promql" and "tempo_metrics_generator" not in query.expr:
            assert all(f'=~"${choice}"' in query.expr for choice in chosen), query


@pytest.mark.parametrize(("backend", "expected"), [("loki", 1), ("opensearch", 0)])
def test_a_service_in_the_table_leads_to_its_traces_failures_and_logs(backend: str, expected: int) -> None:
    document = dashboard(of_services("dojo", {"grafana.logs_backend": backend})["services"])
    (panel,) = (panel for panel in document["panels"] if panel["title"] == "Services" and "targets" in panel)
    urls = {link["title"]: unquote(link["url"]) for link in panel["fieldConfig"]["defaults"]["links"]}
    row = '${__data.fields["Service"]:percentencode}'
    assert f'{{ resource.service.name = \\"{row}\\" && status = error }}' in urls["Failed traces"]
    assert urls["Errors of this service"] == f"/d/fawkes-tracing-errors?${{__url_time_range}}&var-service={row}"
    assert sum(f'"expr":"{{service_name=\\"{row}\\"}}"' in url for url in urls.values()) == expected


def test_columns_of_one_table_have_units_of_their_own() -> None:
    document = dashboard(of_services("dojo")["services"])
    (panel,) = (panel for panel in document["panels"] if panel["title"] == "Services" and "targets" in panel)
    units = {one["matcher"]["options"]: one["properties"][0]["value"] for one in panel["fieldConfig"]["overrides"]}
    assert units == {"Requests a second": "reqps", "Failed": "percentunit"}
    assert panel["fieldConfig"]["defaults"]["unit"] == "s"


def test_a_graph_of_durations_is_critical_from_where_gateways_call_traces_slow() -> None:
    for milliseconds in (500, 2000):
        board = of_services("dojo", {"sampling.slow_threshold_ms": milliseconds})["services"]
        (limits,) = {
            panel.limits
            for row in board.rows
            for panel in row.panels
            if panel.title == "P95 duration" and panel.limits
        }
        assert limits.critical == milliseconds / 1000


def test_boards_say_that_figures_after_sampling_mislead() -> None:
    assert "before sampling" in of_services("dojo")["services"].description
    assert "after sampling" in of_services("dojo", {"span_metrics.source": "tempo"})["services"].description
    assert "from kept traces" in of_services("dojo")["dependencies"].description


def test_the_cookbook_that_boards_link_to_exists() -> None:
    (url,) = {
        link.url for board in of_services("dojo").values() for link in board.links if "cookbook" in link.title
    }
    assert url.endswith("/docs/traceql.md")
    assert (REPO / "docs/traceql.md").is_file()
