"""The results as rows, as a table for a terminal, and as Markdown."""

from collections.abc import Sequence

from rich.table import Table

from bench.overhead.figures import Figures
from bench.overhead.limits import LIMITS, exceeded, too_much_memory
from bench.overhead.plan import Plan
from bench.overhead.result import Result

HEADER = (
    "operation",
    "spans",
    "CPU µs",
    f"+ CPU % (limit {LIMITS.cpu_percent:.0f})",
    "lowest to highest",
    "+ µs",
    "+ % of a core",
    "median ms",
    f"+ ms (limit {LIMITS.milliseconds:.0f})",
    "P95 ms",
    "+ ms",
    "over the limit",
)
MEMORY_HEADER = ("service", "resident MB", f"+ MB (limit {LIMITS.memory_bytes / 1e6:.0f})", "over the limit")
_NONE = "nothing"


def rows(results: Sequence[Result], plan: Plan) -> list[tuple[str, ...]]:
    """Return a row for each operation of each language."""
    return [
        (f"{each.language} {path}", str(each.spans[path]), *_row(found, plan.rates[path]))
        for each in results
        for path, found in each.figures.items()
    ]


def _row(found: Figures, rate: float) -> tuple[str, ...]:
    middle, lowest, highest = found.percent
    return (
        f"{found.plain_cpu:.0f}",
        f"{middle:.1f}",
        f"{lowest:.1f} to {highest:.1f}",
        f"{found.added_cpu:.0f}",
        # µs of CPU an operation, times operations a second, as a share of a second.
        f"{found.added_cpu * rate / 1e4:.1f}",
        f"{found.plain_median:.2f}",
        f"{found.added_median:.2f}",
        f"{found.plain_p95:.2f}",
        f"{found.added_p95:.2f}",
        ", ".join(exceeded(found)) or _NONE,
    )


def memory_rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """Return a row for each language."""
    return [
        (
            each.language,
            f"{each.memory.plain / 1e6:.0f}",
            f"{each.memory.added / 1e6:.0f}",
            "memory" if too_much_memory(each.memory) else _NONE,
        )
        for each in results
    ]


def tables(results: Sequence[Result], plan: Plan) -> list[Table]:
    """Return both tables for a terminal."""
    return [_table(HEADER, rows(results, plan)), _table(MEMORY_HEADER, memory_rows(results))]


def _table(header: Sequence[str], found: Sequence[Sequence[str]]) -> Table:
    table = Table(*header, box=None)
    for row in found:
        table.add_row(*row)
    return table


def markdown(header: Sequence[str], found: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [header, ["---"] * len(header), *found]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
