"""`python -m tests.support.query_table`: write what every query returned into docs/queries.md."""

from policies.pages import MARKER
from settings.project import REPO
from tests.support.query_rows import results, rows, table

PAGE = REPO / "docs" / "queries.md"


def main() -> None:
    """Rewrite the generated part of the page."""
    by_hand, _, _ = PAGE.read_text(encoding="utf-8").partition(MARKER)
    PAGE.write_text(f"{by_hand}{MARKER}{generated()}", encoding="utf-8")


def generated() -> str:
    """Return the table, behind the number of queries that returned something."""
    listed, found = rows(), results()
    answered = sum(bool(found[row.key].found) for row in listed)
    head = f"\n{len(listed)} queries, of which {answered} returned something in the lab.\n"
    return "\n".join([head, *table(listed, found), ""])


if __name__ == "__main__":
    main()
