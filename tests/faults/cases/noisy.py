"""A service that sends twenty times what everybody else sends together."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from render.names import AGENT, OTLP_GRPC_PORT
from tests.cluster.traffic import SPANS_PER_TRACE, text
from tests.faults.fault import Fault
from tests.faults.sender import PER_SECOND
from tests.support.live import LiveStack
from tests.tools.flood import METHOD

_TIMES = 20
# A request of an SDK has at most 512 spans.
_SPANS_PER_REQUEST = 400
_SEND_SECONDS = 10.0
_NS = 10**9


@contextmanager
def noisy_service(stack: LiveStack, spans_per_trace: int) -> Iterator[None]:
    """Send usual traces of one service at that rate inside the block, and nothing again that is refused."""
    over = threading.Event()
    each_second = _TIMES * PER_SECOND * SPANS_PER_TRACE
    pause = _SPANS_PER_REQUEST / each_second

    def run() -> None:
        began, sent = time.monotonic(), 0
        with grpc.insecure_channel(f"{stack.address(AGENT)}:{OTLP_GRPC_PORT}") as channel:
            export: Any = channel.unary_unary(METHOD)
            while not over.wait(max(0.0, began + sent * pause - time.monotonic())):
                export.future(_request(spans_per_trace).SerializeToString(), timeout=_SEND_SECONDS)
                sent += 1

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _request(spans_per_trace: int) -> ExportTraceServiceRequest:
    """Return a batch of quick traces without a failure, each of so many spans."""
    now = time.time_ns()
    spans = []
    for _ in range(_SPANS_PER_REQUEST // spans_per_trace):
        trace_id = secrets.token_bytes(16)
        spans += [
            Span(
                trace_id=trace_id,
                span_id=number.to_bytes(8),
                name="GET /noise",
                start_time_unix_nano=now - _NS // 100,
                end_time_unix_nano=now,
            )
            for number in range(1, spans_per_trace + 1)
        ]
    resource = Resource(attributes=[text("service.name", "noisy")])
    return ExportTraceServiceRequest(
        resource_spans=[ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=spans)])]
    )


FAULTS = (
    Fault(
        name="noisy service",
        what="One service sends 20 times the spans of everybody else, in traces of ten spans: as much as the "
        "stack is planned for.",
        block=lambda stack: noisy_service(stack, 10),
        seconds=60,
        settle_seconds=120,
        other_traffic=True,
    ),
)
