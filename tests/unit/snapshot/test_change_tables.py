"""Rows of docs/changes.md from outcomes."""

from typing import Any

import pytest

from settings.problems import Problem
from snapshot.change_tables import in_words, row, tables
from snapshot.changes import Change, Effect
from snapshot.examples import Example
from snapshot.outcomes import Outcome

PROCESSES = ["tempo-ingester-server", "tempo-query-frontend-server"]
SERVERS = ["agent-daemon", "gateway-server", "tempo-memcached-server", *PROCESSES]


def change(effect: Effect, kind: str, name: str, **other: Any) -> Change:
    return Change(effect, kind, name, **({"is_protected": False} | other))


def cells(*changes: Change, problem: Problem | None = None) -> list[str]:
    """Return the last three cells of a row."""
    text = row(Outcome(Example("load.nodes", 1, 2, {}), problem, changes), SERVERS)
    return [cell.strip() for cell in text.split("|")[3:-1]]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], []),
        (SERVERS, ["agents", "gateways", "Tempo", "memcached"]),
        (PROCESSES, ["Tempo"]),
        (["tempo-query-frontend-server", "gateway-server"], ["gateways", "query frontends"]),
        (["tempo-ingester-server"], ["ingesters"]),
        (["store-server"], ["store-server"]),
    ],
)
def test_workloads_in_the_words_of_the_documents(names: list[str], words: list[str]) -> None:
    assert in_words(names, SERVERS) == words


def test_a_tempo_of_one_process_has_the_same_word() -> None:
    assert in_words(["tempo-server"], ["tempo-server"]) == ["Tempo"]


def test_no_change_is_nothing() -> None:
    assert cells() == ["nothing", "", ""]


def test_a_refused_change_does_nothing_else() -> None:
    problem = Problem("tempo.kafka", "does not apply to a | b", "1", "2", "Remove it.")
    assert cells(problem=problem)[0] == "**refused**: tempo.kafka does not apply to a \\"
    protected = [change(Effect.REPLACED, "StatefulSet", name, is_protected=True) for name in "ab"]
    restarted = change(Effect.RESTARTED, "DaemonSet", "agent-daemon")
    assert cells(*protected, restarted) == ["**refused**: protected: StatefulSet a and b", "", ""]


def test_each_effect_has_its_column() -> None:
    found = cells(
        change(Effect.RENEWED, "ConfigMap", "agent-config"),
        change(Effect.RELOADED, "ConfigMap", "overrides", read_by=tuple(PROCESSES)),
        change(Effect.RESTARTED, "DaemonSet", "agent-daemon"),
        change(Effect.RENEWED, "Job", "setup"),
        change(Effect.REPLACED, "Service", "s"),
        change(Effect.DELETED, "Service", "t"),
        *(change(Effect.UPDATED, "RolePolicy", name) for name in "abc"),
        change(Effect.GUARDED, "Namespace", "n"),
    )
    assert found == [
        "agents",
        "replaces Job setup, Service s; deletes Service t",
        "reloads Tempo; updates 3 RolePolicies; changes protection or retention of Namespace n",
    ]


def test_many_kinds_are_counted() -> None:
    found = cells(*(change(Effect.UPDATED, kind, name) for kind in "ABCDEF" for name in "xy"))
    assert found[2] == "updates 12 resources of 6 kinds"


@pytest.mark.parametrize(
    ("example", "shown"),
    [
        (Example("load.nodes", 10.0, 11, {}), "`10` → `11`"),
        (Example("load.nodes", None, True, {"load.services": 1}), "unset → `true` with `load.services`"),
        (Example("load.nodes", ("a",), "b" * 99, {}), f'`["a"]` → `{"b" * 43}…`'),
    ],
)
def test_a_row_shows_the_change(example: Example, shown: str) -> None:
    assert row(Outcome(example, None), SERVERS).startswith(f"| `load.nodes` | {shown} |")


def test_each_section_has_its_table() -> None:
    outcomes = [Outcome(Example(path, 1, 2, {}), None) for path in ("load.nodes", "load.services", "cost.x")]
    lines = tables(outcomes, SERVERS).splitlines()
    assert [line for line in lines if line.startswith("#")] == ["## `load`", "## `cost`"]
    assert len(lines) == 2 * 4 + 3 + 1
