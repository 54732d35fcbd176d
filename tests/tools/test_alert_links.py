"""A real Prometheus fills labels into the links of alerts, hostile ones too."""

import json
import random
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from render.grafana.links import alert_links
from render.grafana.rules.rule import Alert, Group, rule_file
from tests.support.stacks import settings_of
from tests.support.tools import system_program

pytestmark = pytest.mark.tools

SETTINGS = settings_of("dojo", {"grafana.url": "https://grafana.example.com"})
FAILED = '{ resource.service.name =~ "$service" && status = error }'
HOSTILE = (
    "checkout",
    'a"b',
    "{}",
    "100%",
    "two\nlines",
    "</a><script>alert(1)</script>",
    '" || true } | select(span.secret) {',
    "\\",
    "&orgId=2#",
    "{{ $labels.other }}",
    "Süßwaren",
)


def hostile_values() -> list[str]:
    """Return those above and 100 random ones, always the same."""
    random_source = random.Random("labels")  # noqa: S311 - test data
    characters = "ab9._-\"'`{}[]()%$&?#/\\<>|= \n\té漢"
    made = ("".join(random_source.choices(characters, k=random_source.randint(1, 12))) for _ in range(100))
    return sorted({*HOSTILE, *made})


def test_links_of_alerts_stay_whole_whatever_a_label_holds(tmp_path: Path) -> None:
    alert = Alert(
        name="TracingHostile",
        expr="failed > 0",
        for_seconds=0,
        severity="warning",
        summary="s",
        description="d",
        runbook="r.md#r",
        links=alert_links(SETTINGS, FAILED, ["service"]),
    )
    (tmp_path / "rules.yaml").write_text(rule_file(Group(name="g", rules=(alert,)), "https://r"), encoding="utf-8")
    values = hostile_values()
    expected = [
        {
            "exp_labels": {"severity": "warning", "service": value},
            "exp_annotations": {
                "summary": "s",
                "description": "d",
                "runbook_url": "https://r/r.md#r",
                **filled(value),
            },
        }
        for value in values
    ]
    series = [
        {"series": f"failed{{service={json.dumps(value, ensure_ascii=False)}}}", "values": "1 1"}
        for value in values
    ]
    tests = [
        {
            "interval": "1m",
            "input_series": series,
            "alert_rule_test": [{"eval_time": "1m", "alertname": alert.name, "exp_alerts": expected}],
        }
    ]
    (tmp_path / "tests.yaml").write_text(
        yaml.safe_dump({"rule_files": ["rules.yaml"], "tests": tests}), encoding="utf-8"
    )
    promtool = system_program("promtool")
    done = subprocess.run(
        [promtool, "test", "rules", "tests.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def filled(value: str) -> dict[str, str]:
    """Return the links for a label; whoever clicks the first one searches for a service and nothing else."""
    shown = re.sub("[^a-zA-Z0-9._-]", ".", value)
    found = {
        name: re.sub(r"\{\{.*?\}\}", lambda _: shown, url)
        for name, url in alert_links(SETTINGS, FAILED, ["service"]).items()
    }
    parameters = parse_qs(urlsplit(found["trace_url"]).query, strict_parsing=True)
    assert set(parameters) == {"schemaVersion", "orgId", "panes"}
    query = json.loads(parameters["panes"][0])["traces"]["queries"][0]["query"]
    assert query == f'{{ resource.service.name =~ "{shown}" && status = error }}'
    return found
