"""A small realistic request as OTLP: a few services, one of them slow, one of them failing."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

# Ties the spans of one run together, so that a search finds this request and no earlier one.
RUN_ATTRIBUTE = "fawkes.lab.run"
_MS = 1_000_000


@dataclass(frozen=True)
class Call:
    """One span to be: who does what, when (ms after the request began), for how long, with what below it."""

    service: str
    name: str
    start_ms: int
    duration_ms: int
    kind: Span.SpanKind.ValueType = Span.SPAN_KIND_SERVER
    attributes: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    calls: tuple["Call", ...] = ()


# A learner pays for a course: the stock query is slow, the payment provider says no.
CHECKOUT = Call(
    "storefront", "POST /checkout", 0, 1840, attributes={"http.request.method": "POST", "http.route": "/checkout"},
    calls=(
        Call("cart", "GET /cart/{id}", 12, 45, attributes={"http.route": "/cart/{id}"}),
        Call(
            "inventory", "POST /reserve", 70, 1320, attributes={"http.route": "/reserve"},
            calls=(
                Call(
                    "inventory", "SELECT stock", 85, 1270, Span.SPAN_KIND_CLIENT,
                    {"db.system.name": "postgresql",
                     "db.query.text": "SELECT * FROM stock WHERE owner = 'ada@example.com' AND units > 3"},
                ),
            ),
        ),
        Call(
            "payment", "POST /charge", 1410, 390, attributes={"http.route": "/charge"},
            error="card 4111 1111 1111 1111 declined",
            calls=(
                Call(
                    "payment", "POST api.bank.example/v1/charges", 1430, 340, Span.SPAN_KIND_CLIENT,
                    {"http.request.header.authorization": "Bearer lab-token-0123"},
                    error="402 Payment Required",
                ),
            ),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """What was sent: the run's name, the trace's id in hex, the request itself."""

    run: str
    trace_id: str
    body: bytes


def checkout_request() -> Sent:
    """Return the request with fresh ids, ending now."""
    run, trace_id = secrets.token_hex(4), secrets.token_bytes(16)
    begin = time.time_ns() - CHECKOUT.duration_ms * _MS
    spans: dict[str, list[Span]] = {}
    _add(spans, CHECKOUT, _Context(run, trace_id, begin), parent=b"")
    request = ExportTraceServiceRequest(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=[_text("service.name", service)]),
                scope_spans=[ScopeSpans(spans=own)],
            )
            for service, own in spans.items()
        ]
    )
    return Sent(run, trace_id.hex(), request.SerializeToString())


@dataclass(frozen=True)
class _Context:
    run: str
    trace_id: bytes
    begin_ns: int


def _add(spans: dict[str, list[Span]], call: Call, context: _Context, parent: bytes) -> None:
    start = context.begin_ns + call.start_ms * _MS
    attributes = {RUN_ATTRIBUTE: context.run, **call.attributes}
    span = Span(
        trace_id=context.trace_id,
        span_id=secrets.token_bytes(8),
        parent_span_id=parent,
        name=call.name,
        kind=call.kind,
        start_time_unix_nano=start,
        end_time_unix_nano=start + call.duration_ms * _MS,
        attributes=[_text(key, value) for key, value in attributes.items()],
        status=Status(code=Status.STATUS_CODE_ERROR, message=call.error) if call.error else None,
    )
    spans.setdefault(call.service, []).append(span)
    for inner in call.calls:
        _add(spans, inner, context, span.span_id)


def _text(key: str, value: str) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(string_value=value))
