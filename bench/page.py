"""docs/performance.md: each benchmark replaces what stands between its own two comments."""

from pathlib import Path

from lab.errors import LabError
from settings.project import REPO

# Of a section that no benchmark writes.
_COMMANDS = {"overload": "python -m tests.faults --only 'twice the sized load' --write"}
PAGE = REPO / "docs" / "performance.md"


def write(section: str, text: str, page: Path = PAGE) -> None:
    """Put a text in place of what stands in a section; LabError when the page lacks one of its comments."""
    page.write_text(replaced(page.read_text(encoding="utf-8"), section, text), encoding="utf-8")


def replaced(page: str, section: str, text: str) -> str:
    """Return the page with this text in a section; LabError when one of its comments is missing or misplaced."""
    begin, end = begins(section), ends(section)
    before, first, rest = page.partition(begin)
    _, last, after = rest.partition(end)
    if not (first and last):
        raise LabError(
            f"docs/performance.md has no section {section}: {begin if not first else end} is missing.",
            "Put both comments back, each on a line of its own.",
        )
    return f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}"


def begins(section: str) -> str:
    """Return the comment above a section's text."""
    return f"<!-- {section}: {_COMMANDS.get(section, f'python -m bench {section}')} -->"


def ends(section: str) -> str:
    """Return the comment below a section's text."""
    return f"<!-- end of {section} -->"
