"""GitHub's Markdown around texts that may contain anything.

Such a text never ends the element that it stands in, mentions nobody, links to no issue and adds no HTML.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

from review.credentials import without_secrets

_BACKTICKS = re.compile("`+")
# What has a meaning inside of a line, and what has one at its start.
_PUNCTUATION = re.compile(r"([\\`*_\[\]<>&~$]|^(?:[-+=#]|\d+(?=[.)])))")
# GitHub makes links and notifications of these after Markdown is rendered, where a backslash no longer helps.
_STARTS_A_LINK = re.compile(r"(?<=[@#])(?=\w)|(?<=\bGH)(?=-\d)|(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_NO_WIDTH_SPACE = "\u200b"
# Unicode's categories of control, format, surrogate and private characters: what is read would not be what is
# there. A tab is one, and is ordinary text.
_HIDDEN_CATEGORIES, _TAB = ("Cc", "Cf", "Cs", "Co"), "\t"


def visible(text: str) -> str:
    """Return a text whose invisible characters, such as those that reverse its direction, are shown by number."""
    lines = text.replace("\r\n", "\n").split("\n")
    # Few lines have any such character, and looking at each takes long.
    return "\n".join(line if line.isprintable() else "".join(map(_shown, line)) for line in lines)


def one_line(text: str) -> str:
    """Return a text without secrets and hidden characters, its line breaks and repeated spaces as one space."""
    return " ".join(visible(without_secrets(text)).split())


def plain(text: str) -> str:
    """Return a text as one line that is read as it is."""
    line = _PUNCTUATION.sub(lambda found: _escaped(found[0]), one_line(text))
    return _STARTS_A_LINK.sub(_NO_WIDTH_SPACE, line)


def code(text: str) -> str:
    """Return a text as one line of code."""
    line = one_line(text)
    if not line:
        return ""
    quote = "`" * _unused_run(line, 1)
    # Markdown strips one space on both sides.
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{quote}{space}{line}{space}{quote}"


def fenced(text: str, language: str = "") -> str:
    """Return a text of any number of lines as a block of code."""
    content = visible(without_secrets(text)).rstrip("\n")
    fence = "`" * _unused_run(content, 3)
    return f"{fence}{language}\n{content}\n{fence}"


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return a table of cells that are Markdown already; columns numbered in `right` are right-aligned."""
    marks = ["---:" if number in right else "---" for number in range(len(heading))]
    # A pipe ends a cell even in code.
    lines = [[cell.replace("|", "\\|") for cell in cells] for cells in (heading, marks, *rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def folded(title: str, content: str) -> str:
    """Return content that is shown on a click on its title, which is a plain text."""
    # Markdown is read inside of HTML only after a blank line, so not in the title.
    shown = _STARTS_A_LINK.sub(_NO_WIDTH_SPACE, html.escape(one_line(title), quote=False))
    return f"<details>\n<summary>{shown}</summary>\n\n{content}\n\n</details>"


def _escaped(found: str) -> str:
    """Return punctuation with a backslash; of a number that would start a list, the point gets it."""
    return f"{found}\\" if found.isdigit() else f"\\{found}"


def _unused_run(text: str, least: int) -> int:
    """Return a number of backticks, at least so many, that no run in the text has."""
    return max([least - 1, *(len(run) for run in _BACKTICKS.findall(text))]) + 1


def _shown(character: str) -> str:
    if character == _TAB or unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    return f"\\u{ord(character):04x}"
