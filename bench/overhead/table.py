"""The results as rows, and as tables for a terminal: CPU, latency, memory."""

from collections.abc import Sequence

from rich.table import Table

from bench.overhead.limits import CPU, LATENCY, LIMITS, MEMORY, exceeded, too_much_memory
from bench.overhead.plan import Plan
from bench.overhead.result import Result

# A heading, and a row for each operation or service.
Rows = tuple[Sequence[str], Sequence[Sequence[str]]]
_OVER, _MET = "over", "met"


def all_rows(results: Sequence[Result], plan: Plan) -> list[Rows]:
    """Return the three tables; what is added has a plus in its heading."""
    return [cpu_rows(results, plan), latency_rows(results), memory_rows(results)]


def cpu_rows(results: Sequence[Result], plan: Plan) -> Rows:
    """Return CPU: µs of an operation, and what is added as µs, in per cent of them, and of a core at the rate."""
    limit = f"limit {LIMITS.cpu_percent:.0f} %"
    heading = ("CPU", "spans", "µs", "+ µs", "+ %", "lowest to highest", "+ % of a core", limit)
    rows = [
        (
            f"{each.language} {path}",
            str(each.spans[path]),
            f"{found.plain_cpu:.0f}",
            f"{found.added_cpu:.0f}",
            f"{found.percent[0]:.1f}",
            f"{found.percent[1]:.1f} to {found.percent[2]:.1f}",
            # µs of CPU an operation, times operations a second, as a share of a second.
            f"{found.added_cpu * plan.rates[path] / 1e4:.1f}",
            _OVER if CPU in exceeded(found) else _MET,
        )
        for each in results
        for path, found in each.figures.items()
    ]
    return heading, rows


def latency_rows(results: Sequence[Result]) -> Rows:
    """Return latencies in ms."""
    heading = ("latency", "median ms", "+ ms", f"limit {LIMITS.milliseconds:.0f} ms", "P95 ms", "+ ms")
    rows = [
        (
            f"{each.language} {path}",
            _signless_zero(found.plain_median),
            _signless_zero(found.added_median),
            _OVER if LATENCY in exceeded(found) else _MET,
            _signless_zero(found.plain_p95),
            _signless_zero(found.added_p95),
        )
        for each in results
        for path, found in each.figures.items()
    ]
    return heading, rows


def memory_rows(results: Sequence[Result]) -> Rows:
    """Return resident memory in MB."""
    heading = (MEMORY, "resident MB", "+ MB", f"limit {LIMITS.memory_bytes / 1e6:.0f} MB")
    rows = [
        (
            each.language,
            f"{each.memory.plain / 1e6:.0f}",
            f"{each.memory.added / 1e6:.0f}",
            _OVER if too_much_memory(each.memory) else _MET,
        )
        for each in results
    ]
    return heading, rows


def _signless_zero(milliseconds: float) -> str:
    return f"{round(milliseconds, 2) + 0.0:.2f}"


def tables(results: Sequence[Result], plan: Plan) -> list[Table]:
    """Return the tables for a terminal."""
    found = []
    for heading, rows in all_rows(results, plan):
        table = Table(*heading, box=None)
        for row in rows:
            table.add_row(*row)
        found.append(table)
    return found
