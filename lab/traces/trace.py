"""A trace as Tempo answers it, and as a tree. Its texts are strangers': they are shown, never obeyed."""

import base64
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from rich.tree import Tree

from lab.plain import plain

_NS_PER_MS = 1_000_000
# Bars are drawn this wide.
_BAR_CHARACTERS = 24
# What is left for a bar and some words, however deep a span is; each level takes four columns.
_TEXT_COLUMNS = 40
_LEVEL_COLUMNS = 4


@dataclass(frozen=True)
class SpanView:
    """One span of an answer; times are Unix nanoseconds, 0 where it says none; ids are hex."""

    span_id: str
    parent_id: str
    service: str
    name: str
    start_ns: int
    end_ns: int
    error: str | None
    attributes: dict[str, str]

    @property
    def identity(self) -> str:
        """The same for a copy of this span and for nothing else; the span itself cannot be hashed."""
        return repr(self)


def spans_of(trace: Mapping[str, Any]) -> Iterator[SpanView]:
    """Yield the spans of one of Tempo's JSON traces; fields that have their default are not in it."""
    for batch in trace.get("resourceSpans", []):
        resource = _attributes(batch.get("resource", {}))
        for scope in batch.get("scopeSpans", []):
            for span in scope.get("spans", []):
                status = span.get("status", {})
                failed = status.get("code") in {"STATUS_CODE_ERROR", 2}
                yield SpanView(
                    span_id=_hex(span.get("spanId", "")),
                    parent_id=_hex(span.get("parentSpanId", "")),
                    service=resource.get("service.name", "?"),
                    name=span.get("name", ""),
                    start_ns=int(span.get("startTimeUnixNano", 0)),
                    end_ns=int(span.get("endTimeUnixNano", 0)),
                    error=status.get("message", "") if failed else None,
                    attributes=_attributes(span),
                )


def draw(spans: Sequence[SpanView], columns: int = 80) -> Tree:
    """Return the trace as a tree with a bar of time for each span, whatever its spans say of each other.

    Spans deeper than there is room for in so many columns stand below each other, with their depth.
    """
    deepest = max(0, (columns - _TEXT_COLUMNS) // _LEVEL_COLUMNS)
    begin, whole = _extent(spans)
    count = f"{len(spans)} span{'' if len(spans) == 1 else 's'}"
    tree = Tree(Text(f"{count}, {whole / _NS_PER_MS:.0f} ms", style="bold"))
    # The branch that was drawn last at each level.
    branches = {-1: tree}
    for span, depth, circular in _Order(spans):
        line = _line(span, begin, whole)
        if depth > deepest:
            line.append(f"  ({depth} deep)", style="dim")
        if circular:
            line.append("  (its own ancestor)", style="yellow")
        level = min(depth, deepest)
        branches[level] = branches[level - 1].add(line)
    return tree


class _Order:
    """Spans, parents before children and those in the order of time, each once, whatever they say of each other.

    Where several have one id, the children follow the first. A circle of spans is cut at one of them.
    """

    def __init__(self, spans: Sequence[SpanView]) -> None:
        """Find every span's parent and children, by their numbers in the order of time."""
        self._spans = sorted(spans, key=lambda span: span.start_ns)
        numbers: dict[str, int] = {}
        for number, span in enumerate(self._spans):
            numbers.setdefault(span.span_id, number)
        # A span that says none has no parent, also where a span without an id is.
        numbers.pop("", None)
        self._parents = [numbers.get(span.parent_id) for span in self._spans]
        self._children: defaultdict[int | None, list[int]] = defaultdict(list)
        for number, parent in enumerate(self._parents):
            self._children[parent].append(number)
        self._done: set[int] = set()

    def __iter__(self) -> Iterator[tuple[SpanView, int, bool]]:
        """Yield each span with its depth, and whether it is where a circle is cut."""
        for root in self._children[None]:
            yield from self._below(root, circular=False)
        for number in range(len(self._spans)):
            if number not in self._done:
                yield from self._below(self._on_circle(number), circular=True)

    def _below(self, root: int, *, circular: bool) -> Iterator[tuple[SpanView, int, bool]]:
        # With a stack of its own: a trace may be deeper than Python calls.
        stack = [(root, 0)]
        while stack:
            number, depth = stack.pop()
            if number not in self._done:
                self._done.add(number)
                yield self._spans[number], depth, circular and not depth
                stack += [(child, depth + 1) for child in reversed(self._children[number])]

    def _on_circle(self, number: int) -> int:
        """Return the first span that comes twice among the ancestors of one that no root leads to."""
        seen: set[int] = set()
        while number not in seen and (parent := self._parents[number]) is not None:
            seen.add(number)
            number = parent
        return number


def _extent(spans: Sequence[SpanView]) -> tuple[int, int]:
    """Return when the trace begins and how long it is, in nanoseconds, by what its spans say of it."""
    begin = min((span.start_ns for span in spans if span.start_ns), default=0)
    return begin, max([1, *(span.end_ns - begin for span in spans)])


def _line(span: SpanView, begin: int, whole: int) -> Text:
    failed = span.error is not None
    line = Text()
    line.append(_bar(span, begin, whole), style="red" if failed else "cyan")
    line.append(f" {_milliseconds(span)} ms  ")
    line.append(plain(span.service), style="bold")
    line.append(f"  {plain(span.name)}")
    if span.error is not None:
        line.append(f"  ✗ {plain(span.error)}", style="red")
    return line


def _bar(span: SpanView, begin: int, whole: int) -> str:
    left = min(max(0, (span.start_ns - begin) * _BAR_CHARACTERS // whole), _BAR_CHARACTERS - 1)
    width = max(1, (span.end_ns - span.start_ns) * _BAR_CHARACTERS // whole)
    return (" " * left + "━" * min(width, _BAR_CHARACTERS))[:_BAR_CHARACTERS].ljust(_BAR_CHARACTERS)


def _milliseconds(span: SpanView) -> str:
    if not span.start_ns or not span.end_ns:
        return f"{'?':>6}"
    return f"{(span.end_ns - span.start_ns) / _NS_PER_MS:6.0f}"


def _attributes(holder: Mapping[str, Any]) -> dict[str, str]:
    """Return attributes as texts; both values of a name that stands twice."""
    found: dict[str, str] = {}
    for item in holder.get("attributes", []):
        value = str(next(iter(item.get("value", {}).values()), ""))
        key = item.get("key", "")
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _hex(encoded: str) -> str:
    """Decode an id, which protobuf's JSON writes in base64."""
    return base64.b64decode(encoded).hex()
