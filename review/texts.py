"""The difference of rendered files, and of the resources that differ, as unified diffs."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from render.text import to_json
from review.names import counted
from review.sides import Stack
from snapshot.files import resources

# Lines around a changed one, as git shows.
_CONTEXT = 3
# Begins the line above the difference of one resource.
_RESOURCE = "==="


@dataclass(frozen=True)
class TextDifference:
    """What differs in one file or resource: the lines of a unified diff, without its two headings."""

    name: str
    lines: tuple[str, ...]

    @property
    def added(self) -> int:
        """The number of new lines."""
        return sum(line.startswith("+") for line in self.lines)

    @property
    def removed(self) -> int:
        """The number of lines that are gone."""
        return sum(line.startswith("-") for line in self.lines)


def text_differences(before: Stack, after: Stack) -> Iterator[TextDifference]:
    """Yield every rendered file that differs, then all resources that do as one, as `make render` writes them."""
    yield from _differences(before.files, after.files)
    found = list(_differences(_texts(before), _texts(after)))
    if found:
        lines = (line for one in found for line in (f"{_RESOURCE} {one.name}", *one.lines))
        yield TextDifference(counted(len(found), "resource"), tuple(lines))


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[TextDifference]:
    for name in dict.fromkeys([*after, *before]):
        was, is_now = before.get(name, ""), after.get(name, "")
        if was != is_now:
            yield TextDifference(name, tuple(_unified(was.splitlines(), is_now.splitlines())))


def _unified(was: Sequence[str], is_now: Sequence[str]) -> Iterator[str]:
    lines = difflib.unified_diff(was, is_now, lineterm="", n=_CONTEXT)
    # The first two are names of files, which a reader has in the title.
    yield from list(lines)[2:]


def _texts(stack: Stack) -> dict[str, str]:
    """Return each resource as text, by its type and name."""
    return {f"{one['type']} {one['name']}": to_json(one) for one in resources(stack.resources, stack.files)}
