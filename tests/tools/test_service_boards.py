"""Every query of the boards for application teams, and of the cookbook, finds what a shop's load left behind."""

import json
from collections.abc import Iterator

import pytest

from plan.limits import checked_plan
from render.grafana.dashboards import boards
from render.grafana.house import dashboard
from settings.project import REPO
from tests.support.markdown import read
from tests.support.queries import SourcedQuery, documented, queries_of, variables_of
from tests.support.query_answers import with_variables
from tests.support.waiting import eventually
from tests.tools.shop_stack import ShopStack, shop_stack, stack_settings

pytestmark = pytest.mark.tools

# At 20 traces a second some of each kind: the rarest is one in 20 of four in ten.
_SECONDS, _TRACES_A_SECOND = 8, 20
# Tempo reads its log for Prometheus every 15 s, and sends what it found within 5.
_ANSWERED_SECONDS = 60.0
_DOCUMENTS = ("docs/traceql.md", "docs/span-metrics.md")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopStack]:
    """Run the stack and send the load."""
    with shop_stack(tmp_path_factory.mktemp("stack")) as running:
        running.send(_SECONDS, _TRACES_A_SECOND)
        yield running


def _unanswered(stack: ShopStack, queries: list[SourcedQuery], variables: dict[str, str]) -> list[str]:
    """Return the queries without a result, after time for all of them together."""
    answers = with_variables(stack.answers, variables)
    waiting = list(queries)

    def is_answered(query: SourcedQuery) -> bool:
        try:
            return bool(answers.results(query))
        except (AssertionError, OSError):
            # A busy server refuses, or takes too long, once.
            return False

    def none_is_left() -> bool:
        waiting[:] = [query for query in waiting if not is_answered(query)]
        return not waiting

    try:
        eventually(none_is_left, "every query has a result", _ANSWERED_SECONDS)
    except AssertionError:
        return [f"{query.source}: {query.expr}" for query in waiting]
    return []


def _boards_of_services() -> dict[str, str]:
    settings = stack_settings()
    found = boards(settings, checked_plan(settings))
    return {one.name: json.dumps(dashboard(one)) for one in found if one.audience == "services"}


@pytest.mark.parametrize("name", ["services", "dependencies", "latency", "errors"])
def test_every_query_of_a_board_returns_data(stack: ShopStack, name: str) -> None:
    board = json.loads(_boards_of_services()[name])
    queries = list(queries_of(board))
    assert queries
    assert _unanswered(stack, queries, variables_of(board)) == []


@pytest.mark.parametrize("file", _DOCUMENTS)
def test_every_query_of_a_document_returns_data(stack: ShopStack, file: str) -> None:
    queries = list(documented((REPO / file).read_text(encoding="utf-8"), file))
    assert queries
    assert _unanswered(stack, queries, {}) == []


def test_a_query_that_finds_nothing_is_reported(stack: ShopStack) -> None:
    """Otherwise the tests above could not fail."""
    missing = SourcedQuery("nowhere", "traceql", '{ resource.service.name = "nobody" }')
    assert not stack.answers.results(missing)
    missing = SourcedQuery("nowhere", "promql", 'traces_spanmetrics_calls_total{service="nobody"}')
    assert not stack.answers.results(missing)


def _rows() -> list[tuple[str, str]]:
    """Return what the cookbook says finds nothing, each with what does."""
    cells = read((REPO / "docs/traceql.md").read_text(encoding="utf-8")).table("finds nothing")
    return [(row[0], row[2]) for row in cells[1:]]


@pytest.mark.parametrize(("wrong", "right"), _rows())
def test_the_cookbook_is_right_about_what_finds_nothing(stack: ShopStack, wrong: str, right: str) -> None:
    assert _unanswered(stack, [SourcedQuery("right", "traceql", right)], {}) == []
    try:
        found = stack.answers.results(SourcedQuery("wrong", "traceql", wrong))
    except AssertionError:
        # Tempo refuses it.
        return
    assert not found
