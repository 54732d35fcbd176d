"""Tables for docs/performance.md."""

from collections.abc import Sequence

from rich.table import Table


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; all columns but the first are right-aligned."""
    lines = [heading, ("---", *("---:" for _ in heading[1:])), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def of_rich(found: Table) -> str:
    """Return a table that was made for the terminal."""
    columns = [[str(cell) for cell in column.cells] for column in found.columns]
    return table([str(column.header) for column in found.columns], list(zip(*columns, strict=True)))
