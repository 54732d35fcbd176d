"""The board of objectives reads what the rules record."""

import re

from promql_parser import parse

from plan.plan import make_plan
from render.grafana.dashboards import boards
from render.grafana.rules import groups
from render.grafana.rules.rule import Recording
from tests.support.stacks import settings_of

SETTINGS = settings_of("prod")


def test_every_query_of_the_board_reads_a_recorded_series() -> None:
    plan = make_plan(SETTINGS)
    recorded = {
        rule.record for group in groups(SETTINGS, plan) for rule in group.rules if isinstance(rule, Recording)
    }
    (board,) = (board for board in boards(SETTINGS, plan) if board.name == "slos")
    queries = [query.expr for row in board.rows for panel in row.panels for query in panel.queries]
    read = {name for expr in queries for name in re.findall(r"tracing:\w+:\w+", expr)}
    assert read
    assert read <= recorded
    for expr in queries:
        parse(expr)


def test_a_stack_without_objectives_has_no_such_board() -> None:
    settings = settings_of("prod", {"slos.enabled": False})
    assert "slos" not in {board.name for board in boards(settings, make_plan(settings))}
