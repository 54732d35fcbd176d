"""Outcomes of changed settings as Markdown: one table for each section of a stack file."""

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from snapshot.changes import Change, Effect
from snapshot.examples import Example
from snapshot.outcomes import Outcome

HEADINGS = ("setting", "example", "restarts", "replaces, creates, deletes", "reloads, updates in place")
NOTHING = "nothing"
# A longer value is cut: a row should say which change it is, not document the value.
_SHOWN_CHARACTERS = 44
# More resources of one kind are counted instead of named, and more kinds are counted together.
_NAMED = 2
_KINDS = 5
# Pods in the words of the documents; a process of Tempo in microservices mode is named after its component.
_WORDS: Mapping[str, str] = {
    "agent-daemon": "agents",
    "gateway-server": "gateways",
    "tempo-server": "Tempo",
    "tempo-memcached-server": "memcached",
    "synthetic-check-server": "synthetic check",
}
_PROCESS = re.compile(r"tempo-(?P<component>[a-z-]+)-server")
# Spans pass the collectors first; Tempo and everything else stand between these.
_FIRST, _LAST = ("agents", "gateways"), ("memcached", "synthetic check")
_VERBS: Mapping[Effect, str] = {
    Effect.REPLACED: "replaces",
    Effect.RENEWED: "replaces",
    Effect.CREATED: "creates",
    Effect.DELETED: "deletes",
    Effect.UPDATED: "updates",
    Effect.GUARDED: "changes protection or retention of",
}


def tables(outcomes: Iterable[Outcome], servers: Sequence[str]) -> str:
    """Return a heading and a table for each section; `servers` are the workloads of the unchanged stack."""
    by_section = itertools.groupby(outcomes, key=lambda outcome: outcome.example.setting.partition(".")[0])
    return "\n".join(_section(name, list(rows), servers) for name, rows in by_section)


def row(outcome: Outcome, servers: Sequence[str]) -> str:
    """Return one line of a table."""
    cells = (f"`{outcome.example.setting}`", _shown_change(outcome.example), *_effects(outcome, servers))
    return _line(cell.replace("|", "\\|") for cell in cells)


def in_words(names: Iterable[str], servers: Sequence[str]) -> list[str]:
    """Return the Pods of workloads, given by their logical names, in the words of the documents."""
    found = set(names)
    processes = {name for name in servers if name not in _WORDS and _PROCESS.fullmatch(name)}
    all_of_tempo = processes if processes <= found else set()
    words = {_word(name) for name in found - all_of_tempo} | ({"Tempo"} if all_of_tempo else set())
    return sorted(words, key=lambda word: (word not in _FIRST, word in _LAST, word))


def _section(name: str, outcomes: Sequence[Outcome], servers: Sequence[str]) -> str:
    head = [f"## `{name}`", "", _line(HEADINGS), f"|{'---|' * len(HEADINGS)}"]
    return "\n".join([*head, *(row(outcome, servers) for outcome in outcomes), ""])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _effects(outcome: Outcome, servers: Sequence[str]) -> tuple[str, str, str]:
    """Return the last three cells."""
    if outcome.problem:
        return f"**refused**: {outcome.problem.path} {outcome.problem.what}", "", ""
    if refused := [change for change in outcome.changes if change.is_refused]:
        return f"**refused**: protected: {listed(refused)}", "", ""
    restarted = [change.name for change in outcome.changes if change.effect == Effect.RESTARTED]
    cells = (
        ", ".join(in_words(restarted, servers)),
        _by_verb(outcome.changes, (Effect.REPLACED, Effect.RENEWED, Effect.CREATED, Effect.DELETED)),
        "; ".join(
            filter(None, (_reloads(outcome, servers), _by_verb(outcome.changes, (Effect.UPDATED, Effect.GUARDED))))
        ),
    )
    return cells if any(cells) else (NOTHING, "", "")


def _reloads(outcome: Outcome, servers: Sequence[str]) -> str:
    """Return who reads a changed ConfigMap again."""
    readers = {name for change in outcome.changes for name in change.read_by}
    return f"reloads {', '.join(in_words(readers, servers))}" if readers else ""


def _by_verb(changes: Iterable[Change], effects: Iterable[Effect]) -> str:
    """Return `replaces A; deletes B`, without the ConfigMaps whose replacement only restarts their readers."""
    found: dict[str, list[Change]] = {_VERBS[effect]: [] for effect in effects}
    for change in changes:
        is_file = change.effect == Effect.RENEWED and change.kind == "ConfigMap"
        if change.effect in effects and not is_file:
            found[_VERBS[change.effect]].append(change)
    return "; ".join(f"{verb} {listed(changes)}" for verb, changes in found.items() if changes)


def listed(changes: Iterable[Change]) -> str:
    """Return resources by kind: their names if they are few, otherwise their number."""
    grouped = itertools.groupby(changes, key=lambda change: change.kind)
    by_kind = {kind: [change.name for change in found] for kind, found in grouped}
    if len(by_kind) > _KINDS:
        return f"{sum(map(len, by_kind.values()))} resources of {len(by_kind)} kinds"
    return ", ".join(_counted(kind, names) for kind, names in by_kind.items())


def _counted(kind: str, names: Sequence[str]) -> str:
    if len(names) <= _NAMED:
        return f"{kind} {' and '.join(names)}"
    return f"{len(names)} {kind.removesuffix('y')}{'ies' if kind.endswith('y') else 's'}"


def _word(name: str) -> str:
    process = _PROCESS.fullmatch(name)
    return _WORDS.get(name) or (f"{process['component'].replace('-', ' ')}s" if process else name)


def _shown_change(example: Example) -> str:
    others = ", ".join(f"`{path}`" for path in example.others)
    return f"{_shown(example.before)} → {_shown(example.value)}{f' with {others}' if others else ''}"


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Return a value as in a stack file, cut to a readable length."""
    if value is None:
        return "unset"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return f"`{text}`" if len(text) <= _SHOWN_CHARACTERS else f"`{text[: _SHOWN_CHARACTERS - 1]}…`"
