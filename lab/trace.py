"""Traces as Tempo answers them: found by TraceQL, fetched by id, drawn as a tree."""

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.text import Text
from rich.tree import Tree

from lab.errors import LabError
from lab.service import Cluster, Service

_POLL_SECONDS = 0.5
_OK = 200
_NS_PER_MS = 1_000_000
# Bars are drawn this wide.
_BAR_CHARACTERS = 24


@dataclass(frozen=True)
class SpanView:
    """One span of an answer; times are Unix nanoseconds, ids are hex."""

    span_id: str
    parent_id: str
    service: str
    name: str
    start_ns: int
    end_ns: int
    error: str | None
    attributes: dict[str, str]


def search(cluster: Cluster, tempo: Service, query: str, limit: int = 20) -> list[str]:
    """Return the ids of the traces that a TraceQL query finds in the last hour."""
    now = int(time.time())
    status, body = cluster.get(tempo, "/api/search", q=query, limit=limit, start=now - 3600, end=now + 60)
    if status != _OK:
        return []
    return [str(found["traceID"]) for found in json.loads(body).get("traces") or []]


def wait_for(cluster: Cluster, tempo: Service, query: str, seconds: float) -> str:
    """Return the id of the first trace found, or raise LabError after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := search(cluster, tempo, query, limit=1):
            return found[0]
        time.sleep(_POLL_SECONDS)
    raise LabError(
        f"The trace was sent but not found within {seconds:.0f} s by {query}.",
        "Look at `make status` and `make logs`; the gateway decides, Tempo stores.",
    )


def fetch(cluster: Cluster, tempo: Service, trace_id: str) -> list[SpanView]:
    """Return the spans of a trace; empty when Tempo does not have it."""
    status, body = cluster.get(tempo, f"/api/traces/{trace_id}")
    return list(spans_of(json.loads(body))) if status == _OK else []


def spans_of(answer: dict[str, Any]) -> Iterator[SpanView]:
    """Yield the spans in one of Tempo's JSON answers."""
    for batch in answer.get("batches", []):
        resource = _attributes(batch.get("resource", {}))
        for scope in batch.get("scopeSpans", []):
            for span in scope.get("spans", []):
                status = span.get("status", {})
                failed = status.get("code") in {"STATUS_CODE_ERROR", 2}
                yield SpanView(
                    span_id=_hex(span["spanId"]),
                    parent_id=_hex(span.get("parentSpanId", "")),
                    service=resource.get("service.name", "?"),
                    name=span.get("name", ""),
                    start_ns=int(span["startTimeUnixNano"]),
                    end_ns=int(span["endTimeUnixNano"]),
                    error=status.get("message", "") if failed else None,
                    attributes=_attributes(span),
                )


def draw(spans: list[SpanView]) -> Tree:
    """Return the trace as a tree with a bar of time for each span."""
    begin = min(span.start_ns for span in spans)
    whole = max(max(span.end_ns for span in spans) - begin, 1)
    known = {span.span_id for span in spans}
    tree = Tree(Text(f"{len(spans)} spans, {whole / _NS_PER_MS:.0f} ms", style="bold"))
    for root in sorted((s for s in spans if s.parent_id not in known), key=lambda s: s.start_ns):
        _grow(tree, root, spans, begin, whole)
    return tree


def _grow(tree: Tree, span: SpanView, spans: list[SpanView], begin: int, whole: int) -> None:
    branch = tree.add(_line(span, begin, whole))
    for child in sorted((s for s in spans if s.parent_id == span.span_id), key=lambda s: s.start_ns):
        _grow(branch, child, spans, begin, whole)


def _line(span: SpanView, begin: int, whole: int) -> Text:
    left = (span.start_ns - begin) * _BAR_CHARACTERS // whole
    width = max(1, (span.end_ns - span.start_ns) * _BAR_CHARACTERS // whole)
    bar = (" " * left + "━" * width)[:_BAR_CHARACTERS].ljust(_BAR_CHARACTERS)
    failed = span.error is not None
    line = Text()
    line.append(bar, style="red" if failed else "cyan")
    line.append(f" {(span.end_ns - span.start_ns) / _NS_PER_MS:6.0f} ms  ")
    line.append(span.service, style="bold")
    line.append(f"  {span.name}")
    if failed:
        line.append(f"  ✗ {span.error}", style="red")
    return line


def _attributes(holder: dict[str, Any]) -> dict[str, str]:
    return {
        item["key"]: str(next(iter(item.get("value", {}).values()), "")) for item in holder.get("attributes", [])
    }


def _hex(encoded: str) -> str:
    """Decode an id, which protobuf's JSON writes in base64."""
    return base64.b64decode(encoded).hex()
