"""Files, settings and decisions named in docs/decision-record.md exist: a wrong table is worse than none."""

import re
from pathlib import Path

import pytest

from settings.project import REPO
from tests.support.documents import setting_exists

DOCUMENT = REPO / "docs" / "decision-record.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
# Statements: table rows other than headings, rules and names of sections.
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if re.match(r"\| (?!the record \|)", line) and not re.match(r"\| \*\*", line)
]
NAMED = sorted(set(re.findall(r"`([^`]+)`", TEXT)))
FILES = [name for name in NAMED if re.fullmatch(r"[\w./-]+\.(py|yaml|md)", name)]
# Names with a dot that are not files are settings, except quotations from the record.
QUOTED = {"s3.amazonaws.com", "trace.user.id"}
SETTINGS = [
    name for name in NAMED if re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name) and name not in {*FILES, *QUOTED}
]
VERDICTS = {"Done", "Corrected", "In part", "Not in this release"}


@pytest.mark.parametrize("name", FILES)
def test_a_named_file_exists(name: str) -> None:
    assert (REPO / name).is_file()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_named_setting_exists(name: str) -> None:
    assert setting_exists(name)


@pytest.mark.parametrize("path", ["tempo.versions", "tempo.version.major", "unknown.field"])
def test_a_setting_that_does_not_exist_would_be_found(path: str) -> None:
    assert not setting_exists(path)


@pytest.mark.parametrize("number", sorted(set(re.findall(r"\b(00\d\d)\b", TEXT))))
def test_a_named_decision_exists(number: str) -> None:
    assert len([*(REPO / "docs" / "adr").glob(f"{number}-*.md")]) == 1


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", TEXT))))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (DOCUMENT.parent / Path(target)).is_file()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_every_statement_has_a_verdict_and_says_where_or_why(row: list[str]) -> None:
    statement, verdict, here = row
    assert statement
    assert verdict in VERDICTS
    if verdict == "Done":
        assert re.search(r"`|ADR 0|See above", here)
    if verdict != "Not in this release":
        assert here.endswith(".")


def test_the_table_covers_the_records_headings() -> None:
    """The headings are those of the decision record that the table answers."""
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert headings == [
        "Context",
        "Decision",
        "Consequences",
        "Alternatives considered",
        "Implementation plan",
        "Monitoring & observability",
        "Security considerations",
        "Cost analysis",
        "Documentation structure",
        "Notes",
    ]


def test_files_settings_and_rows_are_found_at_all() -> None:
    """A test over an empty list would pass whatever the document contains."""
    assert len(FILES) > 30
    assert len(SETTINGS) > 40
    assert len(ROWS) > 90
