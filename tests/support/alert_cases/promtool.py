"""promtool's test files for the cases of a stack."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from plan.plan import Plan
from render.grafana.rules import groups
from render.grafana.rules.rule import Alert, Group, Recording, rule_file
from settings.stack import StackSettings
from tests.support.alert_cases import CASES
from tests.support.alert_cases.case import Firing, Story
from tests.support.alert_cases.variants import alerts

# Minutes between two looks at a healthy stack.
_LOOKS = 5
_MINUTE_SECONDS = 60


def write_tests(folder: Path, settings: StackSettings, plan: Plan) -> list[str]:
    """Write the stack's rules and a test file for each group with alerts that have a case; return their names."""
    found = groups(settings, plan)
    runbooks = settings.alerts.runbooks_url
    for group in found:
        (folder / f"{group.name}.yaml").write_text(rule_file(group, runbooks), encoding="utf-8")
    written = []
    for group in found:
        tests = [
            _test(alert, CASES[alert.name](settings, plan), runbooks)
            for alert in alerts(group).values()
            if alert.name in CASES
        ]
        if tests:
            name = f"{group.name}.test.json"
            (folder / name).write_text(
                json.dumps(_document(group, recorded_for(group, found), tests)), encoding="utf-8"
            )
            written.append(name)
    return written


def recorded_for(group: Group, groups_: Iterable[Group]) -> list[str]:
    """Return the names of the other groups that record series which alerts of this one read."""
    read = " ".join(alert.expr for alert in alerts(group).values())
    return [
        other.name
        for other in groups_
        if other is not group and any(isinstance(rule, Recording) and rule.record in read for rule in other.rules)
    ]


def _document(group: Group, recorded: Iterable[str], tests: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a test file of one group, after the groups that record series."""
    names = [*recorded, group.name]
    return {
        "rule_files": [f"{name}.yaml" for name in names],
        "evaluation_interval": "1m",
        "group_eval_order": names,
        "tests": tests,
    }


def _test(alert: Alert, story: Story, runbooks: str) -> dict[str, Any]:
    """Return that the alert is quiet in a healthy hour, in a short fault and after the fault, and else fires."""
    phases = (story.healthy_minutes, story.fault_minutes, story.after_minutes)
    end = story.healthy_minutes + story.fault_minutes
    waits = alert.for_seconds // _MINUTE_SECONDS
    quiet = [*range(_LOOKS, story.healthy_minutes, _LOOKS), end + story.after_minutes - 1]
    quiet += [story.healthy_minutes + waits - 1] if waits > 1 else []
    return {
        "name": alert.name,
        "interval": "1m",
        "input_series": [{"series": one.selector, "values": one.values(*phases)} for one in story.series],
        "alert_rule_test": [
            *({"alertname": alert.name, "eval_time": f"{minute}m"} for minute in quiet),
            {
                "alertname": alert.name,
                "eval_time": f"{end - 1}m",
                "exp_alerts": [_expected(alert, one, runbooks) for one in story.fires],
            },
        ],
    }


def _expected(alert: Alert, firing: Firing, runbooks: str) -> dict[str, Mapping[str, str]]:
    return {
        "exp_labels": {"severity": alert.severity, **alert.labels, **firing.labels},
        "exp_annotations": {
            "summary": firing.summary,
            "description": firing.description or with_labels(alert.description, firing.labels),
            "runbook_url": f"{runbooks}/{alert.runbook}",
            **firing.annotations,
        },
    }


def with_labels(template: str, labels: Mapping[str, str]) -> str:
    """Return a template with the values of labels; a case must state a text with anything else in it."""
    for name, value in labels.items():
        template = template.replace(f"{{{{ $labels.{name} }}}}", value)
    assert "{{" not in template, f"the case must give the text of: {template}"
    return template
