"""No query is shipped that nobody has seen an answer of."""

from policies.pages import MARKER
from tests.support.query_rows import Result, Row, key_of, results, rows, table, why_not_asked
from tests.support.query_table import PAGE, generated

AGAIN = "Start the lab (make up) and run: python -m tests.cluster.record_queries"


def test_every_query_has_a_result_and_every_result_a_query() -> None:
    assert {row.key for row in rows()} ^ set(results()) == set(), AGAIN


def test_a_query_without_an_answer_has_a_reason_or_fires_in_promtools_cases() -> None:
    found = results()
    silent = [row for row in rows() if not found[row.key].found]
    assert [row.sources for row in silent if why_not_asked(row) is None and not row.is_rule] == []


def test_the_page_is_the_current_one() -> None:
    _, _, written = PAGE.read_text(encoding="utf-8").partition(MARKER)
    assert written == generated(), "run `make golden`"


def test_jobs_and_limits_make_no_other_query_but_windows_do() -> None:
    one = key_of("promql", 'rate(x{job="a/b"}[5m]) > 0.8')
    assert key_of("promql", 'rate(x{job=~"c/(d|e)"}[5m])\n > 12') == one
    assert key_of("promql", 'rate(x{job="a/b"}[1h]) > 0.8') != one
    assert key_of("promql", 'y5{job="a/b", code="503"}') != key_of("promql", 'y6{job="a/b", code="500"}')


def test_a_query_is_shown_without_breaking_the_table() -> None:
    row = Row("traceql", "{ a = 1 } | count() > 2", ("dojo",), ("docs/x.md:1", "dashboard y: Z"))
    *_, line = table([row], {row.key: Result("load", 3)})
    assert line == "| `{ a = 1 } \\| count() > 2` | docs/x.md:1; dashboard y: Z | 3 | load |"
