"""Parse a trace from Tempo's JSON and draw it as a tree.

Senders control every text in it: control characters are shown, never passed to the terminal.
"""

import base64
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from rich.tree import Tree

from lab.plain import plain

_NS_PER_MS = 1_000_000
_BAR_CHARACTERS = 24
# Columns for the bar and some words, at any depth; each level of the tree takes four.
_TEXT_COLUMNS = 40
_LEVEL_COLUMNS = 4


@dataclass(frozen=True)
class SpanView:
    """One span; times are Unix nanoseconds, 0 for none; ids are hexadecimal; `error` is None when it succeeded."""

    span_id: str
    parent_id: str
    service: str
    name: str
    start_ns: int
    end_ns: int
    error: str | None
    attributes: dict[str, str]


def spans_of(trace: Mapping[str, Any]) -> Iterator[SpanView]:
    """Yield the spans of a trace in Tempo's JSON: ids are in base64, and fields with their default are absent."""
    for batch in trace.get("resourceSpans", []):
        resource = _attributes(batch.get("resource", {}))
        for scope in batch.get("scopeSpans", []):
            for span in scope.get("spans", []):
                status = span.get("status", {})
                failed = status.get("code") in {"STATUS_CODE_ERROR", 2}
                yield SpanView(
                    span_id=base64.b64decode(span.get("spanId", "")).hex(),
                    parent_id=base64.b64decode(span.get("parentSpanId", "")).hex(),
                    service=resource.get("service.name", "?"),
                    name=span.get("name", ""),
                    start_ns=int(span.get("startTimeUnixNano", 0)),
                    end_ns=int(span.get("endTimeUnixNano", 0)),
                    error=status.get("message", "") if failed else None,
                    attributes=_attributes(span),
                )


def draw(spans: Sequence[SpanView], columns: int = 80) -> Tree:
    """Return the trace as a tree with a time bar for each span, also when ids repeat or ancestors form a circle.

    Spans too deep for this many columns stand below each other, with their depth as a number.
    """
    deepest = max(0, (columns - _TEXT_COLUMNS) // _LEVEL_COLUMNS)
    begin = min((span.start_ns for span in spans if span.start_ns), default=0)
    whole = max([1, *(span.end_ns - begin for span in spans)])
    count = f"{len(spans)} span{'' if len(spans) == 1 else 's'}"
    tree = Tree(Text(f"{count}, {whole / _NS_PER_MS:.0f} ms", style="bold"))
    # The last branch at each level.
    branches = {-1: tree}
    for span, depth, circular in _in_order(spans):
        line = _line(span, begin, whole)
        if depth > deepest:
            line.append(f"  ({depth} deep)", style="dim")
        if circular:
            line.append("  (its own ancestor)", style="yellow")
        level = min(depth, deepest)
        branches[level] = branches[level - 1].add(line)
    return tree


def _in_order(spans: Sequence[SpanView]) -> Iterator[tuple[SpanView, int, bool]]:
    """Yield each span once with its depth: parents before children, and those by their start.

    The last value marks a span that is its own ancestor, where such a circle is cut. The children of several spans
    with one id follow the first.
    """
    ordered = sorted(spans, key=lambda span: span.start_ns)
    parents = _parents(ordered)
    children: defaultdict[int | None, list[int]] = defaultdict(list)
    for number, parent in enumerate(parents):
        children[parent].append(number)
    done: set[int] = set()
    for number in [*children[None], *range(len(ordered))]:
        if number in done:
            continue
        root = _first_ancestor(number, parents)
        # A stack instead of recursion: a trace may be deeper than Python's calls.
        stack = [(root, 0)]
        while stack:
            current, depth = stack.pop()
            if current not in done:
                done.add(current)
                yield ordered[current], depth, current == root and parents[root] is not None
                stack += [(child, depth + 1) for child in reversed(children[current])]


def _parents(spans: Sequence[SpanView]) -> list[int | None]:
    """Return the position of each span's parent; None for a root and for a span whose parent is missing."""
    # The first of several spans with one id is the parent.
    numbers = {span.span_id: number for number, span in reversed([*enumerate(spans)])}
    # A span without a parent's id is a root, even if there is a span without an id.
    numbers.pop("", None)
    return [numbers.get(span.parent_id) for span in spans]


def _first_ancestor(number: int, parents: Sequence[int | None]) -> int:
    """Return the root above a span; in a circle of ancestors, the first span that is met again."""
    seen: set[int] = set()
    while number not in seen and (parent := parents[number]) is not None:
        seen.add(number)
        number = parent
    return number


def _line(span: SpanView, begin: int, whole: int) -> Text:
    took = f"{(span.end_ns - span.start_ns) / _NS_PER_MS:.0f}" if span.start_ns and span.end_ns else "?"
    bar = (_bar(span, begin, whole), "cyan" if span.error is None else "red")
    line = Text.assemble(bar, f" {took:>6} ms  ", (plain(span.service), "bold"), f"  {plain(span.name)}")
    if span.error is not None:
        line.append(f"  ✗ {plain(span.error)}", style="red")
    return line


def _bar(span: SpanView, begin: int, whole: int) -> str:
    left = min(max(0, (span.start_ns - begin) * _BAR_CHARACTERS // whole), _BAR_CHARACTERS - 1)
    width = max(1, (span.end_ns - span.start_ns) * _BAR_CHARACTERS // whole)
    return (" " * left + "━" * min(width, _BAR_CHARACTERS))[:_BAR_CHARACTERS].ljust(_BAR_CHARACTERS)


def _attributes(holder: Mapping[str, Any]) -> dict[str, str]:
    """Return attributes as texts; of a repeated name both values."""
    found: dict[str, str] = {}
    for item in holder.get("attributes", []):
        value = str(next(iter(item.get("value", {}).values()), ""))
        key = item.get("key", "")
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found
