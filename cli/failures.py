"""Recognize why pip, uv or go failed by what they printed. Standard library only: `make_venv.py` uses it."""

import re
from collections.abc import Sequence

DISK_FULL = re.compile(r"no space left on device|os error 28|disk quota exceeded", re.IGNORECASE)
NOT_WRITABLE = re.compile(r"permission denied|read-only file system|os error (13|30)\b", re.IGNORECASE)
# Printed by pip and uv when they cannot reach an index, or the index does not have the package.
INDEX_TROUBLE = re.compile(
    r"connection|resolve|resolution|timed out|unreachable|certificate|proxy|forbidden|no matching distribution"
    r"|error sending request|failed to (fetch|download)|no solution found|status code",
    re.IGNORECASE,
)


def first_line(pattern: re.Pattern[str], lines: Sequence[str]) -> str:
    """Return the first line that contains the pattern, else the last line that is not blank."""
    return next((line.strip() for line in lines if pattern.search(line)), last_line(lines))


def last_line(lines: Sequence[str]) -> str:
    """Return the last line that is not blank."""
    return next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")
