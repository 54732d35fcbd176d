"""The table of every query that the project ships, with what it returned on the running lab.

A row is a query of a stack's dashboards and rules, or of a document. `tests/data/query-results.json` has what it
returned: `python -m tests.cluster.record_queries` asks the running lab, under load and during the outages of
tests/cluster/outages.py.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from render.grafana.board import Language
from settings.project import REPO
from tests.support.queries import SourcedQuery, all_queries
from tests.support.stacks import STACKS, settings_of

RESULTS = REPO / "tests" / "data" / "query-results.json"
# The lab runs the dojo; a job of another stack's Tempo is the job of its one process.
_JOBS = re.compile(r'job=~?"[^"]*"')
# Limits follow from a stack's plan; names, and the lengths of windows, are part of the query.
_NUMBERS = re.compile(r"(?<![\w.:\[\"-])\d+(\.\d+)?(e[+-]?\d+)?(?![\w.:])")
_LAB = "dojo"
LOADED = "the load of a shop and of pipelines"


@dataclass(frozen=True)
class Row:
    """A query, the stacks that have it, and where it is written."""

    language: Language
    expr: str
    stacks: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a query is found by among the results, whatever the stack's jobs."""
        return key_of(self.language, self.expr)

    @property
    def is_rule(self) -> bool:
        """Whether only rules have it: the expression of an alert finds nothing while all is well."""
        return all(source.startswith("rules ") for source in self.sources)


# Why a query is not asked in the lab, by what it contains.
_ELSEWHERE = (
    (re.compile(r"\bkube(let)?_"), "metrics of Kubernetes, which the lab does not scrape"),
    (re.compile(r"tempo_(ingest_group|backend_scheduler_jobs)_"), "Tempo 3.x as microservices"),
    (re.compile(r"certmanager_"), "cert-manager, which the dojo does without"),
    (re.compile(r"\bdora:"), "recorded by the platform, not by this project"),
)


@dataclass(frozen=True)
class Result:
    """What a query returned: so many series or traces, under a load or after a fault; or why it was not asked."""

    when: str
    found: int


def rows() -> list[Row]:
    """Return a row for each query, in the order of the stacks and their sources."""
    found: dict[str, dict[str, list[SourcedQuery]]] = {}
    for stack in STACKS:
        for query in all_queries(settings_of(stack)):
            of_query = found.setdefault(key_of(query.language, query.expr), {})
            of_query.setdefault(stack, []).append(query)
    return [_row(by_stack) for by_stack in found.values()]


def _row(by_stack: Mapping[str, list[SourcedQuery]]) -> Row:
    first = next(iter(by_stack.values()))
    sources = dict.fromkeys(query.source for queries in by_stack.values() for query in queries)
    return Row(first[0].language, first[0].expr, tuple(by_stack), tuple(sources))


def why_not_asked(row: Row) -> str | None:
    """Return why the lab cannot answer a query, None for one that it can."""
    if row.language == "logql":
        return "Loki, which the lab does without"
    if _LAB not in row.stacks:
        return f"only in {' and '.join(row.stacks)}: Tempo as microservices, tenants, or a long-term tier"
    return next((reason for pattern, reason in _ELSEWHERE if pattern.search(row.expr)), None)


def normal(expr: str) -> str:
    """Return a query with each selector of a job replaced by one text, and line breaks by spaces."""
    return " ".join(_JOBS.sub("job", expr).split())


def key_of(language: str, expr: str) -> str:
    """Return what is the same for one query in every stack: the text without jobs and limits."""
    return f"{language}: {_NUMBERS.sub('0', normal(expr))}"


def results() -> dict[str, Result]:
    """Return the recorded results by key."""
    recorded: dict[str, list[object]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return {key: Result(str(when), int(str(found))) for key, (when, found) in recorded.items()}


def write_results(found: Mapping[str, Result]) -> None:
    """Record results, in the order of their keys."""
    recorded = {key: [found[key].when, found[key].found] for key in sorted(found)}
    RESULTS.write_text(json.dumps(recorded, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def table(listed: Iterable[Row], found: Mapping[str, Result]) -> Iterator[str]:
    """Yield the lines of the table in docs/queries.md."""
    yield "| query | where | returned | when |"
    yield "|---|---|---|---|"
    for row in listed:
        result = found[row.key]
        expr = normal(row.expr).replace("|", "\\|")
        yield f"| `{expr}` | {'; '.join(row.sources)} | {result.found or ''} | {result.when} |"
