"""The table of every query that the project ships, with what it returned on the running lab.

A row is a query of the dojo's dashboards and rules, or of a document; the other stacks' queries that differ from all
of these are rows too. `tests/data/query-results.json` has the results, which `python -m tests.cluster.record_queries`
writes while the lab runs under load and, one after the other, with the faults of tests/support/query_faults.py.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from settings.project import REPO
from tests.support.queries import SourcedQuery, all_queries
from tests.support.stacks import STACKS, settings_of

RESULTS = REPO / "tests" / "data" / "query-results.json"
# The lab runs the dojo; a job of another stack's Tempo is the job of its one process.
_JOBS = re.compile(r'job=~?"[^"]*"')
LOADED = "the load of a shop and of pipelines"


@dataclass(frozen=True)
class Row:
    """A query, the stacks that have it, and where it is written."""

    language: str
    expr: str
    stacks: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a query is found by among the results, whatever the stack's jobs."""
        return f"{self.language}: {normal(self.expr)}"


@dataclass(frozen=True)
class Result:
    """What a query returned: so many series or traces, under a load or after a fault; or why it was not asked."""

    when: str
    found: int


def rows() -> list[Row]:
    """Return a row for each query, in the order of the stacks and their sources."""
    found: dict[tuple[str, str], dict[str, list[SourcedQuery]]] = {}
    for stack in STACKS:
        for query in all_queries(settings_of(stack)):
            of_query = found.setdefault((query.language, normal(query.expr)), {})
            of_query.setdefault(stack, []).append(query)
    return [_row(by_stack) for by_stack in found.values()]


def _row(by_stack: Mapping[str, list[SourcedQuery]]) -> Row:
    first = next(iter(by_stack.values()))
    sources = dict.fromkeys(query.source for queries in by_stack.values() for query in queries)
    return Row(first[0].language, first[0].expr, tuple(by_stack), tuple(sources))


def normal(expr: str) -> str:
    """Return a query with each selector of a job replaced by one text, and line breaks by spaces."""
    return " ".join(_JOBS.sub("job", expr).split())


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
        yield f"| `{expr}` | {'; '.join(row.sources)} | {result.found or '–'} | {result.when} |"
