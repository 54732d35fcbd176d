"""Alerts on error budgets by Prometheus' own evaluation: when they fire, stay quiet and resolve."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from plan.plan import make_plan
from render.grafana.rules import groups
from render.grafana.rules.rule import Group
from tests.support.stacks import settings_of
from tests.tools.rule_tests import refusal

pytestmark = pytest.mark.tools

HOUR, DAY = 60, 1440
# Minutes with so many requests and failed (or slow) ones a minute.
Phase = tuple[int, int, int]
SHOP = {"service": "search", "availability_percentage": 95}
FAST, SLOW = "TracingSloErrorBudgetBurnFast", "TracingSloErrorBudgetBurnSlow"
SLOW_REQUESTS = "TracingSloLatencyBudgetBurnFast"


def slo_groups() -> list[Group]:
    """Return the groups of objectives of a stack where `search` may fail more often than others."""
    settings = settings_of("prod", {"slos.services": [SHOP]})
    return [group for group in groups(settings, make_plan(settings)) if group.name.startswith("tracing-slo")]


def counter(phases: Sequence[tuple[int, int]]) -> str:
    """Return a counter in promtool's notation: so many minutes, and so much more each minute."""
    value, parts = 0, []
    for minutes, step in phases:
        parts.append(f"{value}+{step}x{minutes - 1}")
        value += step * minutes
    return " ".join(parts)


def calls(service: str, phases: Sequence[Phase]) -> list[dict[str, str]]:
    """Return the counters of calls of a service on one node."""
    selector = f'service="{service}", span_name="GET /", span_kind="SPAN_KIND_SERVER", instance="node-1"'
    name = "traces_spanmetrics_calls_total"
    good = counter([(minutes, every - bad) for minutes, every, bad in phases])
    failed = counter([(minutes, bad) for minutes, _, bad in phases])
    return [
        {"series": f'{name}{{{selector}, status_code="STATUS_CODE_UNSET"}}', "values": good},
        {"series": f'{name}{{{selector}, status_code="STATUS_CODE_ERROR"}}', "values": failed},
    ]


def durations(service: str, phases: Sequence[Phase]) -> list[dict[str, str]]:
    """Return the histogram of a service's successful requests, of which some last longer than a second."""
    selector = f'service="{service}", span_kind="SPAN_KIND_SERVER", status_code="STATUS_CODE_UNSET"'
    name = "traces_spanmetrics_latency"
    every = counter([(minutes, count) for minutes, count, _ in phases])
    fast = counter([(minutes, count - slow) for minutes, count, slow in phases])
    return [
        {"series": f"{name}_count{{{selector}}}", "values": every},
        {"series": f'{name}_bucket{{{selector}, le="1.024"}}', "values": fast},
        {"series": f'{name}_bucket{{{selector}, le="+Inf"}}', "values": every},
    ]


def firing(name: str, minute: int, services: Sequence[str]) -> dict[str, Any]:
    """Return that an alert fires for exactly these services."""
    return {"alertname": name, "eval_time": f"{minute}m", "services": services}


def judged(
    tmp_path: Path,
    series: Sequence[Mapping[str, str]],
    expected: Sequence[Mapping[str, Any]],
    evaluated: str = "1m",
) -> str:
    """Return what promtool objects to; only the services of the alerts are compared, by a query."""
    queries = [
        {
            "expr": f'count by (service) (ALERTS{{alertname="{one["alertname"]}", alertstate="firing"}})',
            "eval_time": one["eval_time"],
            "exp_samples": [{"labels": f'{{service="{service}"}}', "value": 1} for service in one["services"]],
        }
        for one in expected
    ]
    tests = [{"interval": "1m", "input_series": list(series), "promql_expr_test": queries}]
    return refusal(tmp_path, slo_groups(), tests, evaluated)


def test_a_budget_that_is_spent_fast_fires_within_the_minutes_of_its_share(tmp_path: Path) -> None:
    """5 % of the requests fail: 1.44 % of an hour's are reached after 17 min. It resolves 30 min after the end."""
    begin = 6 * HOUR
    phases = [(begin, 600, 0), (30, 600, 30), (90, 600, 0)]
    series = [*calls("checkout", phases), *calls("search", phases)]
    expected = [
        firing(FAST, begin - 1, []),
        firing(FAST, begin + 15, []),
        # A service that may fail in 5 % of its requests is as it should be.
        firing(FAST, begin + 20, ["checkout"]),
        firing(FAST, begin + 29, ["checkout"]),
        firing(FAST, begin + 30 + 35, []),
    ]
    assert judged(tmp_path, series, expected) == ""


def test_an_outage_fires_within_five_minutes_and_resolves_by_the_short_window(tmp_path: Path) -> None:
    begin = 6 * HOUR
    series = calls("checkout", [(begin, 600, 0), (10, 600, 600), (60, 600, 0)])
    expected = [
        firing(FAST, begin + 5, ["checkout"]),
        firing(FAST, begin + 15, ["checkout"]),
        firing(FAST, begin + 10 + 36, []),
    ]
    assert judged(tmp_path, series, expected) == ""


def test_a_short_spike_below_the_share_fires_nothing(tmp_path: Path) -> None:
    begin = 6 * HOUR
    series = calls("checkout", [(begin, 600, 0), (1, 600, 300), (60, 600, 0)])
    expected = [firing(FAST, begin + minute, []) for minute in range(1, 60, 4)]
    assert judged(tmp_path, series, expected) == ""


def test_few_requests_fire_nothing_until_several_have_failed(tmp_path: Path) -> None:
    """Of ten requests an hour one failure is 10 %; an outage of the same service still shows."""
    begin = 6 * HOUR
    once = calls("quiet", [(begin, 1, 0), (1, 1, 1), (60, 1, 0)])
    down = calls("down", [(begin, 1, 0), (61, 1, 1)])
    expected = [
        *(firing(FAST, begin + minute, []) for minute in (1, 3)),
        *(firing(FAST, begin + minute, ["down"]) for minute in (10, 20, 40)),
    ]
    assert judged(tmp_path, [*once, *down], expected) == ""


def test_a_budget_that_is_spent_slowly_warns_and_wakes_nobody(tmp_path: Path) -> None:
    """0.4 % of the requests fail, four times what 99.9 % allows: 0.1 % of three days' are reached after 18 h."""
    begin = 3 * DAY
    series = calls("checkout", [(begin, 1000, 0), (24 * HOUR, 1000, 4)])
    expected = [
        firing(SLOW, begin + 17 * HOUR, []),
        firing(SLOW, begin + 19 * HOUR, ["checkout"]),
        firing(FAST, begin + 23 * HOUR, []),
    ]
    assert judged(tmp_path, series, expected, evaluated="5m") == ""


def test_slow_requests_spend_a_budget_of_their_own(tmp_path: Path) -> None:
    begin = 6 * HOUR
    phases = [(begin, 600, 0), (60, 600, 240)]
    series = [*calls("checkout", [(begin + 60, 600, 0)]), *durations("checkout", phases)]
    expected = [
        firing(SLOW_REQUESTS, begin + 15, []),
        firing(SLOW_REQUESTS, begin + 30, ["checkout"]),
        firing(FAST, begin + 30, []),
    ]
    assert judged(tmp_path, series, expected) == ""
