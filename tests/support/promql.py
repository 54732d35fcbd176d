"""What a PromQL expression asks for: its selectors, and which of their counters are under which function."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import promql_parser as promql

from settings.project import REPO
from tests.support.queries import interpolated

_RECORDS = REPO / "tests" / "data" / "metric_names"
# What Grafana puts in for its own variables; a board's variables become a regular expression for all.
_TIMES = {"__rate_interval": "1m", "__range": "1h", "__interval": "15s"}


class _Values(dict[str, str]):
    def __missing__(self, _: str) -> str:
        return ".*"


@dataclass(frozen=True)
class Selector:
    """One selector: the metric's name, its matchers as (label, operator, value), and the functions around it."""

    name: str
    matchers: tuple[tuple[str, str, str], ...]
    within: tuple[str, ...]

    @property
    def labels(self) -> set[str]:
        """The labels that it matches."""
        return {label for label, _, _ in self.matchers}


@dataclass(frozen=True)
class Recorded:
    """One metric of a record: its type as exposed, and `at start`, `under load` or the file that names it."""

    kind: str
    source: str


def selectors(expr: str) -> list[Selector]:
    """Return the selectors of an expression with Grafana's variables; ValueError if it has errors."""
    return list(_selectors(promql.parse(interpolated(expr, _Values(_TIMES))), ()))


def metric_names(expr: str) -> set[str]:
    """Return the names of the metrics that an expression asks for."""
    return {found.name for found in selectors(expr)}


def recorded(file: str) -> dict[str, Recorded]:
    """Return the record of a version, as in `tempo-2.10.8`; each line is `name  # type, source`."""
    lines = Path(_RECORDS / f"{file}.txt").read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        name, _, comment = line.partition("  # ")
        kind, _, source = comment.partition(", ")
        found[name] = Recorded(kind, source)
    return found


def _selectors(expr: object, within: tuple[str, ...]) -> Iterator[Selector]:
    match expr:
        case promql.VectorSelector():
            matchers = tuple((one.name, str(one.op), one.value) for one in expr.matchers.matchers)
            yield Selector(expr.name or "", matchers, within)
        case promql.MatrixSelector():
            yield from _selectors(expr.vector_selector, within)
        case promql.Call():
            for argument in expr.args:
                yield from _selectors(argument, (*within, expr.func.name))
        case promql.AggregateExpr() | promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            yield from _selectors(expr.expr, within)
        case promql.BinaryExpr():
            yield from _selectors(expr.lhs, within)
            yield from _selectors(expr.rhs, within)
