"""Grafana-managed alerts: the keys that Grafana's provisioning reads, and the same meaning as the rule files."""

import re
from typing import Any

import pytest
import yaml

from plan.plan import make_plan
from render.files import render
from render.grafana.managed import managed_alerts
from render.grafana.rules import groups
from render.grafana.rules.rule import Alert, Group
from settings.stack import StackSettings
from tests.support.stacks import settings_of

# What Grafana reads of a rule in a file (pkg/services/provisioning/alerting/rules_types.go).
KEYS = {
    *("uid", "title", "condition", "data", "noDataState", "execErrState", "for", "keepFiringFor"),
    *("labels", "annotations"),
}
# Grafana's limit of a uid.
MAX_UID = 40


def delivered(stack: str) -> StackSettings:
    """Return a stack that delivers alerts to Grafana."""
    return settings_of(stack, {"alerts.delivery": "grafana"})


def rules(text: str) -> list[dict[str, Any]]:
    """Return the rules of all groups of a file."""
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def alert(**changes: Any) -> Alert:
    """Return an alert with changed fields."""
    fields: dict[str, Any] = {
        "name": "TracingOne",
        "expr": "up == 0",
        "for_seconds": 60,
        "severity": "warning",
        "summary": "{{ $labels.pod }} has {{ $value | humanize }}",
        "description": "Nothing is lost.",
        "runbook": "one.md#tracingone",
    }
    return Alert(**fields | changes)


@pytest.mark.parametrize("stack", ["dojo", "prod"])
def test_every_alert_is_delivered_or_named_as_left_out(stack: str) -> None:
    settings = delivered(stack)
    text = render(settings, make_plan(settings)).managed_alerts
    names = {
        one.name
        for group in groups(settings, make_plan(settings))
        for one in group.rules
        if isinstance(one, Alert)
    }
    left_out = set(re.findall(r"^# - (\w+)$", text, flags=re.MULTILINE))
    assert {rule["title"] for rule in rules(text)} == names - left_out
    assert all(name.startswith("TracingSlo") for name in left_out)
    assert len(names - left_out) > 40


@pytest.mark.parametrize("stack", ["dojo", "prod"])
def test_a_delivered_expression_reads_no_series_that_only_a_rule_records(stack: str) -> None:
    settings = delivered(stack)
    for rule in rules(render(settings, make_plan(settings)).managed_alerts):
        # A colon is only in the names of recorded series, in ranges of sub-queries and in label values.
        without_values = re.sub(r'"[^"]*"|\[[^\]]*\]', "", rule["data"][0]["model"]["expr"])
        assert ":" not in without_values, rule["title"]


@pytest.mark.parametrize("stack", ["dojo", "prod"])
def test_a_rule_has_the_keys_that_grafana_reads_and_nothing_that_it_would_replace(stack: str) -> None:
    settings = delivered(stack)
    found = rules(render(settings, make_plan(settings)).managed_alerts)
    assert len({rule["uid"] for rule in found}) == len(found)
    for rule in found:
        assert set(rule) <= KEYS
        assert len(rule["uid"]) <= MAX_UID
        # Grafana inserts environment variables for names with a dollar sign.
        assert "$" not in str(rule["annotations"]) + str(rule["labels"])


def test_a_rule_fires_for_each_series_that_its_query_returns_whatever_the_value() -> None:
    (rule,) = rules(managed_alerts([Group(name="tracing-one", rules=(alert(),))], "https://runbooks.example.com"))
    query, last, fires = rule["data"]
    assert query["datasourceUid"] == "prometheus"
    assert query["relativeTimeRange"] == {"from": 600, "to": 0}
    assert {key: query["model"][key] for key in ("expr", "instant", "refId")} == {
        "expr": "up == 0",
        "instant": True,
        "refId": "A",
    }
    assert last["datasourceUid"] == fires["datasourceUid"] == "__expr__"
    assert (last["model"]["type"], last["model"]["expression"], last["model"]["reducer"]) == (
        "reduce",
        "A",
        "last",
    )
    assert (fires["model"]["type"], fires["model"]["expression"]) == ("math", "is_number($B)")
    assert (rule["condition"], rule["noDataState"], rule["for"]) == ("C", "OK", "60s")


def test_templates_say_the_same_in_grafanas_terms() -> None:
    (rule,) = rules(managed_alerts([Group(name="tracing-one", rules=(alert(),))], "https://runbooks.example.com"))
    assert rule["annotations"] == {
        "summary": "{{ .Labels.pod }} has {{ .Values.B.Value | humanize }}",
        "description": "Nothing is lost.",
        "runbook_url": "https://runbooks.example.com/one.md#tracingone",
    }


def test_a_variable_without_a_counterpart_is_refused() -> None:
    unknown = Group(name="tracing-one", rules=(alert(summary="{{ $externalLabels.cluster }}"),))
    with pytest.raises(ValueError, match="externalLabels"):
        managed_alerts([unknown], "https://runbooks.example.com")


def test_other_deliveries_render_none() -> None:
    settings = settings_of("dojo")
    assert render(settings, make_plan(settings)).managed_alerts == ""
