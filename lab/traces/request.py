"""A small realistic request as OTLP: four services, one of them slow, one of them failing."""

import secrets
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from lab.traces.spans import attributes

# Marks the spans of one run: a search for it finds this request and no earlier one.
RUN_ATTRIBUTE = "fawkes.lab.run"
_MS = 1_000_000


@dataclass(frozen=True)
class Call:
    """One span of the request, with the calls below it; `start_ms` counts from the start of the request."""

    service: str
    name: str
    start_ms: int
    duration_ms: int
    kind: Span.SpanKind.ValueType = Span.SPAN_KIND_SERVER
    attributes: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    calls: tuple["Call", ...] = ()


# A learner pays for a course: the stock query is slow, the payment provider declines. The attributes hold what
# scrubbing must remove.
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
    """A request as OTLP's protobuf, with the name of its run and its trace id in hex."""

    run: str
    trace_id: str
    body: bytes


def checkout_request() -> Sent:
    """Return the request with fresh ids, ending now."""
    run, trace_id = secrets.token_hex(4), secrets.token_bytes(16)
    begin_ns = time.time_ns() - CHECKOUT.duration_ms * _MS
    spans_of: dict[str, list[Span]] = defaultdict(list)
    for service, span in _spans(CHECKOUT, begin_ns):
        span.trace_id = trace_id
        span.attributes.extend(attributes({RUN_ATTRIBUTE: run}))
        spans_of[service].append(span)
    request = ExportTraceServiceRequest(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=attributes({"service.name": service})),
                scope_spans=[ScopeSpans(spans=spans)],
            )
            for service, spans in spans_of.items()
        ]
    )
    return Sent(run, trace_id.hex(), request.SerializeToString())


def _spans(call: Call, begin_ns: int, parent: bytes = b"") -> Iterator[tuple[str, Span]]:
    """Yield a call and all calls below it as spans, each with its service."""
    start_ns = begin_ns + call.start_ms * _MS
    span = Span(
        span_id=secrets.token_bytes(8),
        parent_span_id=parent,
        name=call.name,
        kind=call.kind,
        start_time_unix_nano=start_ns,
        end_time_unix_nano=start_ns + call.duration_ms * _MS,
        attributes=attributes(call.attributes),
        status=Status(code=Status.STATUS_CODE_ERROR, message=call.error) if call.error else None,
    )
    yield call.service, span
    for inner in call.calls:
        yield from _spans(inner, begin_ns, span.span_id)
