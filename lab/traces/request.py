"""A small realistic request as OTLP: four services, one of them slow, one of them failing."""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from lab.traces.spans import Value, attributes

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
    attributes: Mapping[str, Value] = field(default_factory=dict)
    error: str = ""
    # Its span is not sent, as when a process ends before its SDK has exported.
    lost: bool = False
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


@dataclass(frozen=True, kw_only=True)
class Ids:
    """The id of a trace, and where those of its spans come from: a function of a number of bytes."""

    trace_id: bytes
    random_bytes: Callable[[int], bytes]


def checkout_request() -> Sent:
    """Return the request with fresh ids, ending now."""
    run, ids = secrets.token_hex(4), Ids(trace_id=secrets.token_bytes(16), random_bytes=secrets.token_bytes)
    begin_ns = time.time_ns() - CHECKOUT.duration_ms * _MS
    parts = resource_spans(CHECKOUT, begin_ns, ids)
    for part in parts:
        for span in part.scope_spans[0].spans:
            span.attributes.extend(attributes({RUN_ATTRIBUTE: run}))
    return Sent(run, ids.trace_id.hex(), ExportTraceServiceRequest(resource_spans=parts).SerializeToString())


def resource_spans(
    call: Call, begin_ns: int, ids: Ids, resource: Mapping[str, Value] | None = None
) -> list[ResourceSpans]:
    """Return the spans of a trace by service; `resource` are attributes of every service besides its name."""
    spans_of: dict[str, list[Span]] = defaultdict(list)
    for service, span in _spans(call, begin_ns, ids):
        spans_of[service].append(span)
    return [
        ResourceSpans(
            resource=Resource(attributes=attributes({"service.name": service, **(resource or {})})),
            scope_spans=[ScopeSpans(spans=spans)],
        )
        for service, spans in spans_of.items()
    ]


def _spans(call: Call, begin_ns: int, ids: Ids, parent: bytes = b"") -> Iterator[tuple[str, Span]]:
    """Yield a call and all calls below it as spans, each with its service, but for those that are lost."""
    start_ns = begin_ns + call.start_ms * _MS
    span = Span(
        trace_id=ids.trace_id,
        span_id=ids.random_bytes(8),
        parent_span_id=parent,
        name=call.name,
        kind=call.kind,
        start_time_unix_nano=start_ns,
        end_time_unix_nano=start_ns + call.duration_ms * _MS,
        attributes=attributes(call.attributes),
        status=Status(code=Status.STATUS_CODE_ERROR, message=call.error) if call.error else None,
    )
    if not call.lost:
        yield call.service, span
    for inner in call.calls:
        yield from _spans(inner, begin_ns, ids, span.span_id)
