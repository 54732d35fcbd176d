"""One comment on a pull request, cut to the size that GitHub takes."""

import itertools
from collections.abc import Sequence

from review.section import Room, section
from review.stack_review import StackReview
from review.summary import summary

# Identifies the comment among others; a reader does not see it.
MARKER = "<!-- fawkes-tracing: what this pull request does -->"
# GitHub refuses a longer body. How it counts characters beyond ASCII is not documented, so their bytes count here.
LIMIT = 65_536
_HEADING = "## What this changes in each stack"
# From all to nothing but the summary. Every difference is cut alike, so that no large one hides the others.
_ROOMS = (
    Room(),
    *(Room(lines=lines) for lines in (400, 200, 100, 50, 25, 10)),
    *(Room(lines=0, rows=rows) for rows in (100, 40, 15, 5)),
)


def comment(reviews: Sequence[StackReview], compared: str, see_all: str, limit: int | None = LIMIT) -> str:
    """Return the comment as Markdown, at most `limit` bytes, None for all of it.

    `compared` is a sentence on what was compared, `see_all` one on how to see what is cut. The summary, with its
    warnings, is kept in any case.
    """
    head = f"{MARKER}\n{_HEADING}\n\n{summary(reviews, compared)}"
    told = [review for review in reviews if not review.is_untouched or review.findings]
    whole = _body(head, told, Room(), "")
    if limit is None or _size(whole) <= limit:
        return whole
    cut = f"> This comment is cut to {limit} bytes, the most that GitHub takes. {see_all}"
    for room in _ROOMS[1:]:
        if _size(shorter := _body(head, told, room, cut)) <= limit:
            return shorter
    return _first_lines(_body(head, [], Room(), ""), cut, limit)


def _body(head: str, told: Sequence[StackReview], room: Room, note: str) -> str:
    parts = [head, note, *(section(review, room) for review in told)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _first_lines(text: str, note: str, limit: int) -> str:
    """Return as many lines as there is room for, then the note; the summary has no element of several lines."""
    lines = text.splitlines(keepends=True)
    sizes = itertools.accumulate(map(_size, lines), initial=_size(f"\n{note}\n"))
    kept = sum(size <= limit for size in sizes) - 1
    return f"{''.join(lines[:kept])}\n{note}\n"


def _size(text: str) -> int:
    return len(text.encode("utf-8", errors="replace"))
