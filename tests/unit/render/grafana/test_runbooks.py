"""Every alert has a runbook, and every runbook an alert."""

import re
from pathlib import Path

import pytest

from render.grafana.rules.rule import Alert
from settings.project import REPO
from tests.support.alert_cases.variants import every_alert
from tests.support.markdown import read

FOLDER = REPO / "docs" / "runbooks"
INDEX = FOLDER / "README.md"
PAGES = sorted(page for page in FOLDER.glob("*.md") if page != INDEX)
ALERTS = every_alert()
# What a heading's text answers.
PARTS = ("meaning", "lost meanwhile", "do", "resolves")


def headings(page: Path) -> dict[str, str]:
    """Return the text below each heading of the second level."""
    _, *sections = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {section.partition("\n")[0]: section.partition("\n")[2] for section in sections}


def test_every_alert_has_a_heading_and_every_heading_an_alert() -> None:
    found = {f"{page.name}#{heading.lower()}": heading for page in PAGES for heading in headings(page)}
    assert {alert.runbook: name for name, alert in ALERTS.items()} == found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_to_look_at(page: Path) -> None:
    fences = re.findall(r"^```(\w+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(fences) & {"promql", "traceql"}
    assert set(fences) <= {"promql", "traceql", "sh"}


# Those of error budgets say once for all alerts that no telemetry is lost.
@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "slos"], ids=lambda page: page.stem)
def test_every_heading_says_what_is_lost_and_what_to_do(page: Path) -> None:
    incomplete = {
        heading: missing
        for heading, text in headings(page).items()
        if (missing := [part for part in PARTS if f"**{part}" not in text.lower()])
    }
    assert incomplete == {}


def test_the_index_lists_every_alert_with_its_severity() -> None:
    rows = read(INDEX.read_text(encoding="utf-8")).table("alert")[1:]
    assert {row[0]: row[1] for row in rows} == {name: alert.severity for name, alert in ALERTS.items()}


@pytest.mark.parametrize("alert", ALERTS.values(), ids=list(ALERTS))
def test_a_summary_is_short_and_a_value_in_it_is_readable(alert: Alert) -> None:
    """Unformatted numbers are counts that are whole by nature."""
    assert alert.name.startswith("Tracing")
    assert len(alert.summary) < 120
    assert not alert.summary.endswith(".")
    assert alert.description.endswith(".")
    raw = re.findall(r"{{ \$value }}", alert.summary)
    assert not raw or re.search(r"gateways|members|Only", alert.summary)
