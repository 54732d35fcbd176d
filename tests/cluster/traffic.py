"""Traces of every kind that the sampling policies tell apart, sent in a steady stream.

Each trace has four spans of three services and goes out in two halves, a second apart and in different
requests, each with spans of many traces. So a gateway sees a whole trace only if the agent routes by trace
id, and only both halves show that a `slow` trace is slow.
"""

import random
import secrets
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from render.names import AGENT, OTLP_GRPC_PORT
from tests.support.live import LiveStack

RUN = "fawkes.test.run"
SPANS_PER_TRACE = 4
# The values that the dojo's settings name, under each attribute name that instrumentation uses for them.
NAMED = {
    "user.id": "dojo-instructor",
    "enduser.id": "dojo-instructor",
    "http.route": "/checkout",
    "url.path": "/checkout",
    "http.target": "/checkout",
}
ALWAYS_KEPT = ("failed", "slow", *NAMED)
REST = "rest"
# Far below the dojo's threshold of 1 s for a slow trace, and above it.
_USUAL_MS, SLOW_MS = 40, 1500
_MS = 1_000_000
_TICK_SECONDS = 0.05
# One second.
_HALF_DELAY_TICKS = 20
_SEND_SECONDS = 30.0
# Service and name of each span, the root first; a half is two of them.
_SHAPE = (
    ("storefront", "GET /shop"),
    ("cart", "GET /cart/{id}"),
    ("payment", "POST /charge"),
    ("payment", "POST bank.example/v1/charges"),
)


@dataclass(frozen=True)
class Trace:
    """A planned trace: its id, and the reason why it is kept, or `rest`."""

    id: bytes
    kind: str


def traces(seed: str, of_each_kind: int, total: int) -> list[Trace]:
    """Return `total` traces in an order that the seed fixes, `of_each_kind` of each kind that is always kept."""
    chance = random.Random(seed)  # noqa: S311 - must be reproducible, protects nothing
    kinds = [kind for kind in ALWAYS_KEPT for _ in range(of_each_kind)]
    kinds += [REST] * (total - len(kinds))
    chance.shuffle(kinds)
    return [Trace(chance.randbytes(16), kind) for kind in kinds]


def send(address: str, planned: Sequence[Trace], run: str, per_second: int) -> None:
    """Send traces by OTLP/gRPC to `address` (host and port); fail if a span is refused.

    If it falls behind `per_second`, it sends as fast as it can until it has caught up.
    """
    size = max(1, round(per_second * _TICK_SECONDS))
    ticks = [planned[start : start + size] for start in range(0, len(planned), size)]
    waiting: deque[ExportTraceServiceRequest] = deque()
    began = time.monotonic()
    with grpc.insecure_channel(address) as channel:
        stub = TraceServiceStub(channel)  # type: ignore[no-untyped-call]
        for tick in range(len(ticks) + _HALF_DELAY_TICKS):
            time.sleep(max(0.0, began + tick * _TICK_SECONDS - time.monotonic()))
            due = [waiting.popleft()] if tick >= _HALF_DELAY_TICKS else []
            if tick < len(ticks):
                first, second = halves(ticks[tick], run)
                due.append(first)
                waiting.append(second)
            for one in due:
                answer = stub.Export(one, timeout=_SEND_SECONDS, wait_for_ready=True)
                assert not answer.partial_success.rejected_spans, answer.partial_success


def send_one(stack: LiveStack, kind: str = "failed") -> str:
    """Send one whole trace through the agent and return its id in hex."""
    trace = Trace(secrets.token_bytes(16), kind)
    with grpc.insecure_channel(f"{stack.address(AGENT)}:{OTLP_GRPC_PORT}") as channel:
        stub = TraceServiceStub(channel)  # type: ignore[no-untyped-call]
        stub.Export(whole([trace], secrets.token_hex(8)), timeout=_SEND_SECONDS, wait_for_ready=True)
    return trace.id.hex()


def whole(planned: Iterable[Trace], run: str) -> ExportTraceServiceRequest:
    """Return one request with every span of the traces."""
    return _request(span for trace in planned for span in _spans(trace, run))


def halves(planned: Sequence[Trace], run: str) -> tuple[ExportTraceServiceRequest, ExportTraceServiceRequest]:
    """Return two requests, each with half of the spans of each trace."""
    spans = [list(_spans(trace, run)) for trace in planned]
    first = _request(span for each in spans for span in each[:2])
    second = _request(span for each in spans for span in each[2:])
    return first, second


def _request(spans: Iterable[tuple[str, Span]]) -> ExportTraceServiceRequest:
    by_service: dict[str, list[Span]] = {}
    for service, span in spans:
        by_service.setdefault(service, []).append(span)
    return ExportTraceServiceRequest(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=[text("service.name", service)]), scope_spans=[ScopeSpans(spans=own)]
            )
            for service, own in by_service.items()
        ]
    )


def text(key: str, value: str) -> KeyValue:
    """Return a string attribute."""
    return KeyValue(key=key, value=AnyValue(string_value=value))


def span_ids(trace: Trace) -> list[bytes]:
    """Return the ids of a trace's spans, the root first."""
    return [random.Random(trace.id + bytes([number])).randbytes(8) for number in range(SPANS_PER_TRACE)]  # noqa: S311


def _spans(trace: Trace, run: str) -> Iterator[tuple[str, Span]]:
    """Yield the spans; a failure or slowness is on the last one, a named value on the first."""
    begin = time.time_ns() - 2 * SLOW_MS * _MS
    ids = span_ids(trace)
    for number, (service, name) in enumerate(_SHAPE):
        last = number == SPANS_PER_TRACE - 1
        start = begin + number * _MS
        span = Span(
            trace_id=trace.id,
            span_id=ids[number],
            parent_span_id=ids[number - 1] if number else b"",
            name=name,
            start_time_unix_nano=start,
            end_time_unix_nano=start + (SLOW_MS if last and trace.kind == "slow" else _USUAL_MS) * _MS,
            attributes=[text(RUN, run), text("user.id", "learner-7"), text("http.route", "/shop")],
        )
        if number == 0 and trace.kind in NAMED:
            _name(span, trace.kind)
        if last and trace.kind == "failed":
            span.status.code = Status.STATUS_CODE_ERROR
        yield service, span


def _name(span: Span, key: str) -> None:
    """Give the span the named value, under a key that occurs once as in a real span."""
    kept = [attribute for attribute in span.attributes if attribute.key != key]
    del span.attributes[:]
    span.attributes.extend([*kept, text(key, NAMED[key])])
