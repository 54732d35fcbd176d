"""Rules of service level objectives: Sloth's windows and factors, and objectives of single services."""

import re
from typing import Any

import pytest
import yaml

from plan.plan import make_plan
from plan.span_metrics import BUCKETS_SECONDS
from render.grafana.burn_rates import BURN_RATES
from render.grafana.rules import groups
from render.grafana.rules.rule import Alert, Recording
from render.grafana.slo_series import OBJECTIVE, RATIO
from settings.project import REPO
from settings.slos import LatencyThreshold
from settings.stack import StackSettings
from tests.support.stacks import settings_of

SLOTH = REPO / "tests" / "data" / "slos" / "sloth-0.16.0.yaml"
OWN = {"service": "search.api", "availability_percentage": 99.5, "latency_threshold_ms": 256}


def rules(settings: StackSettings) -> list[Alert | Recording]:
    """Return the rules of objectives."""
    made = groups(settings, make_plan(settings))
    return [rule for group in made if group.name.startswith("tracing-slo") for rule in group.rules]


def conditions(expr: str, factor: str) -> set[tuple[float, str, str]]:
    """Return the factor, the long and the short window of each part of an alert."""
    found = set()
    for part in re.split(r"^\s*or\s*$", expr, flags=re.MULTILINE):
        windows = re.findall(r"ratio_rate(\w+)\{", part)
        (factors,) = {*re.findall(factor, part)}
        found.add((float(factors), *sorted(windows, key=minutes, reverse=True)))
    return found


def minutes(window: str) -> int:
    """Return the length of a window that PromQL writes with one unit."""
    return int(window[:-1]) * {"m": 1, "h": 60, "d": 1440}[window[-1]]


def of_sloth() -> dict[str, set[tuple[float, str, str]]]:
    """Return the conditions of Sloth's alerts by severity."""
    document: dict[str, Any] = yaml.safe_load(SLOTH.read_text(encoding="utf-8"))
    alerts = [rule for group in document["groups"] for rule in group["rules"] if "alert" in rule]
    return {rule["labels"]["severity"]: conditions(rule["expr"], r"> \(([\d.]+) \*") for rule in alerts}


@pytest.mark.parametrize("slo", ["availability", "latency"])
def test_windows_and_factors_are_sloths(slo: str) -> None:
    alerts = [one for one in rules(settings_of("prod")) if isinstance(one, Alert) and f'"{slo}"' in one.expr]
    ours = {one.severity: conditions(one.expr, r"\) > ([\d.]+)") for one in alerts}
    assert ours == of_sloth()


def test_every_window_of_sloth_is_recorded() -> None:
    document = yaml.safe_load(SLOTH.read_text(encoding="utf-8"))
    sloths = {rule["record"] for group in document["groups"] for rule in group["rules"] if "record" in rule}
    ours = {rule.record for rule in rules(settings_of("prod")) if isinstance(rule, Recording)}
    windows = {found[1] for name in sloths if (found := re.fullmatch(r"slo:sli_error:ratio_rate(\w+)", name))}
    assert windows == {name.removeprefix(RATIO) for name in ours if name.startswith(RATIO)}


def test_factors_follow_from_the_shares_of_the_budget() -> None:
    for rate in BURN_RATES:
        assert rate.factor == pytest.approx(rate.budget_share * 30 * 1440 / minutes(rate.long))


def test_thresholds_of_latency_are_the_bounds_of_the_histogram() -> None:
    assert LatencyThreshold.__args__ == tuple(round(bound * 1000) for bound in BUCKETS_SECONDS)  # type: ignore[attr-defined]


def test_the_rules_read_the_bucket_of_the_threshold() -> None:
    text = " ".join(rule.expr for rule in rules(settings_of("prod", {"slos.latency_threshold_ms": 2048})))
    assert 'le="2.048"' in text
    assert text.count("le=") == 1


def test_a_service_has_its_own_objective_and_threshold() -> None:
    made = [rule for rule in rules(settings_of("prod", {"slos.services": [OWN]})) if isinstance(rule, Recording)]
    objective = next(rule.expr for rule in made if rule.record == OBJECTIVE)
    own, every = objective.split("\nor\n")
    assert 'service="search.api"' in own
    assert own.endswith("* 0.995")
    assert every.endswith("* 0.999")
    selectors = {rule.labels["threshold"]: rule.expr for rule in made if "le=" in rule.expr}
    assert r'service=~"search\\.api"' in selectors["256ms"]
    assert r'service!~"search\\.api"' in selectors["1024ms"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"slos.enabled": True}, True),
        ({"slos.enabled": False}, False),
        ({"span_metrics.source": "tempo"}, False),
        ({"alerts.delivery": "none"}, False),
    ],
)
def test_objectives_need_unbiased_metrics_and_delivered_rules(changes: dict[str, Any], *, expected: bool) -> None:
    assert bool(rules(settings_of("prod", changes))) == expected
