"""Every query that ships is found, with where it is, so that a query that nobody ran is seen."""

import pytest

from tests.support.queries import SourcedQuery, all_queries, documented, interpolated, queries_of, rule_queries
from tests.support.query_answers import Answers
from tests.support.stacks import settings_of

DOCUMENT = """
# Title

```promql
# The sum of all.
sum(a)
  / sum(b)
sum by (c) (
  d
)
```

```traceql
{ status = error }

{ status = error } | rate() by (name)
{} | quantile_over_time(duration, .9)
```

```yaml
a: 1
```
"""


def test_a_document_has_a_query_for_each_line_that_begins_one() -> None:
    assert list(documented(DOCUMENT, "a.md")) == [
        SourcedQuery("a.md:6", "promql", "sum(a)\n  / sum(b)"),
        SourcedQuery("a.md:8", "promql", "sum by (c) (\n  d\n)"),
        SourcedQuery("a.md:14", "traceql", "{ status = error }"),
        SourcedQuery("a.md:16", "traceql_metrics", "{ status = error } | rate() by (name)"),
        SourcedQuery("a.md:17", "traceql_metrics", "{} | quantile_over_time(duration, .9)"),
    ]


def test_a_rule_is_named_by_its_group_and_by_its_alert_or_record() -> None:
    text = "groups: [{name: g, rules: [{alert: A, expr: up == 0}, {record: 'b:c', expr: sum(up)}]}]"
    assert list(rule_queries(text)) == [
        SourcedQuery("rules g: A", "promql", "up == 0"),
        SourcedQuery("rules g: b:c", "promql", "sum(up)"),
    ]


def test_a_panel_in_a_folded_row_counts() -> None:
    target = {"datasource": {"type": "loki"}, "expr": "{a=`b`}"}
    inner = {"title": "Inner", "targets": [target]}
    board = {"uid": "fawkes-tracing-x", "panels": [{"title": "Row", "panels": [inner]}]}
    assert list(queries_of(board)) == [SourcedQuery("dashboard x: Inner", "logql", "{a=`b`}")]


def test_variables_are_replaced_in_each_spelling_and_none_is_left() -> None:
    values = {"service": "cart", "__range": "1h"}
    assert interpolated('$service ${service} ${service:regex} [$__range]"$"', values) == 'cart cart cart [1h]"$"'
    with pytest.raises(KeyError, match="tenant"):
        interpolated("$tenant", values)


def test_all_queries_are_of_dashboards_rules_and_documents() -> None:
    found = all_queries(settings_of("dojo"))
    kinds = {"dashboard services: Services", "dashboard dependencies: Service map"}
    assert kinds <= {query.source for query in found}
    assert {"promql", "traceql", "traceql_metrics", "service_map"} <= {query.language for query in found}
    for beginning in ("dashboard ", "rules ", "docs/traceql.md:", "docs/span-metrics.md:"):
        assert any(query.source.startswith(beginning) for query in found), beginning


@pytest.mark.parametrize(
    ("value", "zeros", "expected"), [("0", True, 1), ("0", False, 0), ("NaN", True, 0), ("2", False, 1)]
)
def test_what_is_no_number_is_no_result_and_zero_is_one_if_it_may_be(
    value: str, expected: int, *, zeros: bool
) -> None:
    document = {"data": {"result": [{"metric": {}, "value": [1, value]}]}}
    answers = Answers(lambda *_: document, lambda *_: {}, {}, seconds=60, zeros=zeros)
    assert answers.results(SourcedQuery("", "promql", "up")) == expected


def test_a_service_map_needs_every_metric_that_grafana_asks_for() -> None:
    def prometheus(_: str, parameters: object) -> object:
        return {"data": {"result": [] if "seconds_sum" in str(parameters) else [{"value": [1, "2"]}]}}

    answers = Answers(prometheus, lambda *_: {}, {"__range": "1m"}, seconds=60)
    assert not answers.results(SourcedQuery("", "service_map", "{}"))
