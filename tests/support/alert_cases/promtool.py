"""promtool's test files for the cases of a stack."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plan.plan import Plan
from render.grafana.rules import groups
from render.grafana.rules.rule import Alert, rule_file
from settings.stack import StackSettings
from tests.support.alert_cases import CASES
from tests.support.alert_cases.case import Firing, Story
from tests.support.alert_cases.variants import alerts

# Minutes between two looks at a healthy stack.
_LOOKS = 5
_MINUTE_SECONDS = 60


def write_tests(folder: Path, settings: StackSettings, plan: Plan, tried: set[str]) -> list[Path]:
    """Write each group's rules and a test file for its alerts that have a case; return the test files.

    A group whose rules and tests are those of another stack, which `tried` holds, is not tested again.
    """
    folder.mkdir()
    runbooks = settings.alerts.runbooks_url
    written = []
    for group in groups(settings, plan):
        rules = rule_file(group, runbooks)
        (folder / f"{group.name}.yaml").write_text(rules, encoding="utf-8")
        tests = [
            _test(alert, CASES[alert.name](settings, plan), runbooks)
            for alert in alerts(group).values()
            if alert.name in CASES
        ]
        text = json.dumps(
            {"rule_files": [f"{group.name}.yaml"], "evaluation_interval": "1m", "tests": tests}, indent=1
        )
        if tests and rules + text not in tried:
            tried.add(rules + text)
            file = folder / f"{group.name}.test.json"
            file.write_text(text, encoding="utf-8")
            written.append(file)
    return written


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
