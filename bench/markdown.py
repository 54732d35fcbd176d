"""Tables of figures for docs/performance.md."""

from collections.abc import Sequence

from rich.table import Table

from review.markdown import table


def figures(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; all columns but the first are right-aligned."""
    return table(heading, rows, right=range(1, len(heading)))


def of_rich(found: Table) -> str:
    """Return a table that was made for the terminal."""
    columns = [[str(cell) for cell in column.cells] for column in found.columns]
    return figures([str(column.header) for column in found.columns], list(zip(*columns, strict=True)))
