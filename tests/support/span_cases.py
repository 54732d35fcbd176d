"""Cases of scrubbing: spans, and the texts that must be readable behind the gateway or must not be."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.common.v1.common_pb2 import (
    AnyValue,
    ArrayValue,
    InstrumentationScope,
    KeyValue,
    KeyValueList,
)
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

_FILE = Path(__file__).parents[1] / "data" / "scrubbing" / "cases.json"


@dataclass(frozen=True)
class SpanCase:
    """A span by its attributes; `where:key` says where else than in the span an attribute stands.

    `name`, `status.message`, `tracestate`, `event.name` and `scope.name` are the span's own texts.
    """

    kind: str
    attributes: Mapping[str, Any]
    hide: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


def committed_cases() -> list[SpanCase]:
    """Return the cases that a gateway handled wrongly once."""
    document = json.loads(_FILE.read_text(encoding="utf-8"))
    return [
        SpanCase(one["kind"], one["attributes"], tuple(one.get("hide", ())), tuple(one.get("keep", ())))
        for one in [*document["hide"], *document["keep"]]
    ]


# `bool` before `int`, which it is too.
_SCALARS: Mapping[type, str] = {
    bool: "bool_value",
    int: "int_value",
    float: "double_value",
    bytes: "bytes_value",
    str: "string_value",
}


def any_value(value: Any) -> AnyValue:
    """Return a value as a sender writes it; {"__double": "nan"} and {"__bytes": "…"} are what JSON lacks."""
    if isinstance(value, list):
        return AnyValue(array_value=ArrayValue(values=[any_value(one) for one in value]))
    if isinstance(value, dict):
        if "__double" in value:
            return AnyValue(double_value=float(value["__double"]))
        if "__bytes" in value:
            return AnyValue(bytes_value=value["__bytes"].encode())
        pairs = [KeyValue(key=key, value=any_value(one)) for key, one in value.items()]
        return AnyValue(kvlist_value=KeyValueList(values=pairs))
    return AnyValue(**{_SCALARS[type(value)]: value})


def _at(attributes: Mapping[str, Any], place: str) -> list[KeyValue]:
    prefix = f"{place}:" if place else ""
    return [
        KeyValue(key=key.removeprefix(prefix), value=any_value(value))
        for key, value in attributes.items()
        if key.startswith(prefix)
        and (place or not key.startswith(("resource:", "event:", "link:", "scope:")))
        and key not in {"name", "status.message", "tracestate", "event.name", "scope.name"}
    ]


def span_of(case: SpanCase) -> ResourceSpans:
    """Return the case's span with resource and scope."""
    given = case.attributes
    event = Span.Event(name=given.get("event.name", "log"), attributes=_at(given, "event"))
    link = Span.Link(trace_id=b"l" * 16, span_id=b"l" * 8, attributes=_at(given, "link"))
    span = Span(
        trace_id=b"t" * 16,
        span_id=b"s" * 8,
        name=given.get("name", "GET /orders/{id}"),
        trace_state=given.get("tracestate", ""),
        attributes=_at(given, ""),
        events=[event] if _at(given, "event") or "event.name" in given else [],
        links=[link] if _at(given, "link") else [],
        status=Status(message=given.get("status.message", "")),
    )
    scope = InstrumentationScope(name=given.get("scope.name", "shop"), attributes=_at(given, "scope"))
    return ResourceSpans(
        resource=Resource(attributes=[*_at(given, "resource")]),
        scope_spans=[ScopeSpans(scope=scope, spans=[span])],
    )


def texts_of(spans: ResourceSpans) -> str:
    """Return everything readable in a span, with bytes decoded."""
    return "\n".join(_texts(MessageToDict(spans)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "bytesValue":
                yield base64.b64decode(one).decode(errors="replace")
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield str(value)


def wrong(case: SpanCase, found: ResourceSpans) -> str:
    """Return what is wrong with a case behind the gateway; empty if nothing is."""
    texts = texts_of(found)
    readable = [secret for secret in case.hide if secret in texts]
    lost = [text for text in case.keep if text not in texts]
    return (
        f"{case.kind}: {case.attributes} became {texts!r}: readable {readable}, lost {lost}"
        if readable or lost
        else ""
    )
