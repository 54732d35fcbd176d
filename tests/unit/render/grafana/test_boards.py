"""Rules for every dashboard of every kind of stack: valid, stable, and as readers of dashboards expect.

Eleven of dashboard-linter's 17 rules are here: the datasource's variable and its name, the panels' datasource,
title and description, units, targets with a query, PromQL that can be parsed, rates of counters alone and with
$__rate_interval, counters under a rate, a matcher of the targets, variables that are read again when the time
changes, and boards that nobody edits. Left out: variables `job` and `instance` (a stack has one of each target,
and its matcher is in the query), the rules that repeat these for LogQL (two queries), and that of native
histograms (nothing exposes them).
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as models

from plan.limits import checked_plan
from render.grafana.board import Board
from render.grafana.dashboards import boards
from render.grafana.house import CRITICAL, GOOD, WARNING, dashboard_json
from settings.project import REPO
from tests.support.boards import VARIANTS, boards_of, panels_of, promql_of
from tests.support.promql import Selector, recorded, selectors
from tests.support.queries import queries_of
from tests.support.stacks import settings_of

_BYTES = 2**20
_VARIABLE = re.compile(r"\$\{?(\w+)")
_GRAFANAS = {"__rate_interval", "__range", "__interval", "__from", "__to", "__url_time_range", "__field", "__data"}
_DRAWN_WITHOUT_UNIT = {"text", "logs", "nodeGraph"}
# Functions that turn a counter into a rate or a growth.
_RATES = {"rate", "irate", "increase", "resets"}
_TIMES = {"10m", "1h"}
_TYPES = {
    name: found.kind
    for file in ("otelcol-0.159.0", "tempo-2.10.8", "tempo-3.0.3")
    for name, found in recorded(file).items()
}
EVERY = [(name, board) for name in VARIANTS for board in boards_of(name)]
IDS = [f"{name}: {board['uid']}" for name, board in EVERY]
each_board = pytest.mark.parametrize("board", [board for _, board in EVERY], ids=IDS)


def is_counter(selector: Selector) -> bool:
    """Return whether a selector's metric only grows, by its recorded type or, of others, by its name."""
    if selector.name in _TYPES:
        return _TYPES[selector.name] in {"counter", "histogram"}
    return selector.name.endswith(("_total", "_count", "_sum", "_bucket")) and ":" not in selector.name


def selected(board: Mapping[str, Any]) -> Iterator[Selector]:
    """Yield the selectors of a board's PromQL."""
    for query in queries_of(board):
        if query.language == "promql":
            yield from selectors(query.expr)


@each_board
def test_the_sdk_reads_what_it_wrote(board: dict[str, Any]) -> None:
    again = JSONEncoder(sort_keys=True, indent=1).encode(models.Dashboard.from_json(board))
    assert json.loads(again) == board


@each_board
def test_a_board_fits_into_a_config_map(board: dict[str, Any]) -> None:
    assert len(json.dumps(board, indent=1)) < _BYTES


@each_board
def test_panels_have_titles_descriptions_and_units(board: dict[str, Any]) -> None:
    for panel in panels_of(board):
        assert panel["title"], panel
        assert panel["description"].endswith("."), panel["title"]
        if panel["type"] not in _DRAWN_WITHOUT_UNIT and panel["targets"][0]["datasource"]["type"] == "prometheus":
            assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]


@each_board
def test_titles_and_ids_are_unique(board: dict[str, Any]) -> None:
    ids = [panel["id"] for panel in board["panels"]]
    titles = [panel["title"] for panel in panels_of(board)]
    assert len(ids) == len(set(ids))
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("name", VARIANTS)
def test_uids_and_titles_of_boards_are_unique_and_short(name: str) -> None:
    uids, titles = zip(*((board["uid"], board["title"]) for board in boards_of(name)), strict=True)
    assert len(set(uids)) == len(set(titles)) == len(uids)
    assert max(map(len, uids)) <= 40


@each_board
def test_panels_do_not_overlap_and_stay_within_24_columns(board: dict[str, Any]) -> None:
    places = [panel["gridPos"] for panel in board["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above, (one, other)


@each_board
def test_datasources_are_variables_of_the_board(board: dict[str, Any]) -> None:
    names = [one["name"] for one in board["templating"]["list"] if one["type"] == "datasource"]
    asked = "${datasource}" in json.dumps(board)
    assert names[0] == ("datasource" if asked else "traces")
    for panel in panels_of(board):
        for holder in [panel, *panel["targets"]] if "targets" in panel else []:
            assert holder["datasource"]["uid"].strip("${}") in names, panel["title"]


@each_board
def test_targets_have_queries(board: dict[str, Any]) -> None:
    for panel in panels_of(board):
        if panel["type"] == "text":
            assert panel["options"]["content"].strip()
            continue
        assert panel["targets"]
        for target in panel["targets"]:
            asked = target.get("expr") or target.get("query") or target.get("queryType") == "serviceMap"
            assert asked, panel["title"]


@each_board
def test_every_variable_is_used_and_every_used_one_is_defined(board: dict[str, Any]) -> None:
    defined = {one["name"] for one in board["templating"]["list"]}
    text = json.dumps([*board["panels"], *board["annotations"].get("list", [])])
    chained = json.dumps([[one.get("query"), one.get("datasource")] for one in board["templating"]["list"]])
    used = set(_VARIABLE.findall(text)) | set(_VARIABLE.findall(chained))
    links = json.dumps([panel.get("links", []) for panel in board["panels"]])
    assert defined - used == set()
    assert used - defined - _GRAFANAS - set(_VARIABLE.findall(links)) == set()


@each_board
def test_variables_are_read_again_when_the_time_changes(board: dict[str, Any]) -> None:
    for one in board["templating"]["list"]:
        if one["type"] == "query":
            assert one["refresh"] == 2, one["name"]


@each_board
def test_boards_link_to_the_others_and_nobody_edits_them(board: dict[str, Any]) -> None:
    assert board["editable"] is False
    others = [link for link in board["links"] if link["type"] == "dashboards"]
    assert [(link["tags"], link["asDropdown"], link["keepTime"]) for link in others] == [(["tracing"], True, True)]
    assert "tracing" in board["tags"]


@each_board
def test_only_colours_for_the_colour_blind_are_set(board: dict[str, Any]) -> None:
    found = set(re.findall(r'"(?:color|fixedColor|iconColor)": "([^"]+)"', json.dumps(board)))
    assert found <= {GOOD, WARNING, CRITICAL}


@each_board
def test_counters_are_shown_as_rates_and_rates_are_of_counters(board: dict[str, Any]) -> None:
    for selector in selected(board):
        rated = bool(_RATES & set(selector.within))
        assert rated == is_counter(selector), selector


@pytest.mark.parametrize("name", VARIANTS)
def test_rates_follow_the_step_of_the_graph(name: str) -> None:
    for board in boards_of(name):
        for query in queries_of(board):
            if query.language == "promql":
                windows = re.findall(r"(?:rate|increase)\(\w+(?:\{[^}]*\})?\[([^\]]+)\]", query.expr)
                assert set(windows) <= {"$__rate_interval", "$__range"}, query


@pytest.mark.parametrize("name", VARIANTS)
def test_metrics_of_our_targets_are_asked_of_our_targets(name: str) -> None:
    for query in promql_of(name):
        for selector in selectors(query.expr):
            if selector.name in _TYPES:
                assert "job" in selector.labels, query


@pytest.mark.parametrize("stack", ["dojo", "prod"])
def test_another_process_renders_the_same_bytes(stack: str) -> None:
    program = (
        "from tests.support.boards import rendered; import hashlib; "
        f"print(hashlib.sha256(repr(rendered({stack!r}).dashboards).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=REPO,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def rendered_tempo(name: str) -> str:
    """Return the board of Tempo of a variant as text."""
    return next(json.dumps(board) for board in boards_of(name) if board["uid"] == "fawkes-tracing-tempo")


def test_the_board_of_tempo_has_what_its_version_and_mode_have() -> None:
    two, three, alone = (rendered_tempo(name) for name in ("prod", "prod with Tempo 3", "dojo with Tempo 3"))
    assert "tempo_ingester_" in two
    assert "tempo_live_store" not in two
    assert "tempo_ingester_" not in three + alone
    assert "partition_lag" in three
    assert "partition_lag" not in alone
    assert "tempo_live_store_local" in alone


def test_limits_of_the_plan_are_the_panels_limits() -> None:
    settings = settings_of("prod")
    plan = checked_plan(settings)
    board = by_name(settings_boards("prod"), "sampling")
    text = dashboard_json(board)
    assert f"/ {plan.gateway.traces_in_flight}" in text
    assert f"vector({plan.traffic.kept_share:.4g})" in text
    changed = settings_of("prod", {"sampling.baseline_percentage": 5.0})
    assert dashboard_json(by_name(boards(changed, checked_plan(changed)), "sampling")) != text


def test_cost_is_shown_by_service_only_where_spans_are_counted_by_service() -> None:
    def titles(name: str) -> set[str]:
        [cost] = [board for board in boards_of(name) if board["uid"] == "fawkes-tracing-cost"]
        return {panel["title"] for panel in panels_of(cost)}

    assert "Spans by service" in titles("prod")
    assert "Spans by service" not in titles("dojo without Prometheus")


def test_logs_are_asked_of_loki_only_where_they_are_in_loki() -> None:
    def kinds(name: str) -> set[str]:
        [logs] = [board for board in boards_of(name) if board["uid"] == "fawkes-tracing-logs"]
        return {query.language for query in queries_of(logs)}

    assert "logql" in kinds("dojo")
    assert "logql" not in kinds("dojo with logs in OpenSearch")


def settings_boards(stack: str) -> tuple[Board, ...]:
    """Return the boards of a committed stack."""
    settings = settings_of(stack)
    return boards(settings, checked_plan(settings))


def by_name(found: tuple[Board, ...], name: str) -> Board:
    """Return the board of this name."""
    return next(board for board in found if board.name == name)
