"""The shop's traces, made once and sent again and again, with other ids and times.

Setting these in a prepared message takes a few microseconds a span; making the trace takes a hundred.
"""

import os
import threading
import time
from dataclasses import dataclass
from typing import Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from lab.cluster.service import Cluster, Service
from lab.traces.shop import Shop
from render.names import AGENT, OTLP_HTTP_PORT

# As a collector beside the applications would batch them.
REQUESTS_A_SECOND = 5
# Requests that differ: enough that the traces of a few seconds do.
_REQUESTS = 25
_ID_BYTES = 16
_OK = 200
_PROTOBUF = {"Content-Type": "application/x-protobuf"}
_SEED = 1
# Traces enough for an average number of spans.
_SAMPLE_TRACES = 200


@dataclass(frozen=True)
class Prepared:
    """A request whose traces ended at a Unix time in nanoseconds."""

    message: ExportTraceServiceRequest
    ended_ns: int
    spans: int

    def at(self, end_ns: int) -> bytes:
        """Return the request with traces that end at a time, under other ids."""
        later, salt = end_ns - self.ended_ns, int.from_bytes(os.urandom(_ID_BYTES // 2))
        copy = ExportTraceServiceRequest()
        copy.CopyFrom(self.message)
        for span in spans_of(copy):
            # The right half above all: a sampler remembers decisions by it alone.
            span.trace_id = (int.from_bytes(span.trace_id) ^ salt).to_bytes(_ID_BYTES)
            span.start_time_unix_nano += later
            span.end_time_unix_nano += later
        return copy.SerializeToString()


def spans_of(message: ExportTraceServiceRequest) -> list[Span]:
    """Return all spans of a request."""
    return [s for part in message.resource_spans for scope in part.scope_spans for s in scope.spans]


def prepared(spans_per_second: float) -> list[Prepared]:
    """Return requests of which REQUESTS_A_SECOND carry about this many spans."""
    shop, now = Shop(_SEED), time.time_ns()
    sample = len(spans_of(shop.requests(_SAMPLE_TRACES, now))) / _SAMPLE_TRACES
    traces = max(1, round(spans_per_second / sample / REQUESTS_A_SECOND))
    messages = [shop.requests(traces, now) for _ in range(_REQUESTS)]
    return [Prepared(message, now, len(spans_of(message))) for message in messages]


class Sender:
    """Sends at a steady rate, in a thread, until it is stopped; `sent` and `refused` count spans."""

    def __init__(self, cluster: Cluster, namespace: str, spans_per_second: float) -> None:
        """Prepare the requests."""
        self.sent = self.refused = 0
        self._cluster, self._agent = cluster, Service(namespace, AGENT, OTLP_HTTP_PORT)
        self._rate, self._requests = spans_per_second, prepared(spans_per_second)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin to send."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop after the request under way."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        begin, spans = time.monotonic(), 0
        number = 0
        while not self._over.wait(max(0.0, begin + spans / self._rate - time.monotonic())):
            request = self._requests[number % len(self._requests)]
            number += 1
            spans += request.spans
            status, _ = self._cluster.request(self._agent, "/v1/traces", _PROTOBUF, request.at(time.time_ns()))
            if status == _OK:
                self.sent += request.spans
            else:
                self.refused += request.spans
