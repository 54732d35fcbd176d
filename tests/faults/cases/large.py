"""Traces beyond the usual size."""

import contextlib
import secrets
import time

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from lab.traces.spans import one_resource
from tests.faults.fault import Fault
from tests.faults.oracle import Expected
from tests.faults.sender import Sender

_SPANS, _IN_A_REQUEST = 10_000, 500
_MS = 1_000_000


def _large_trace(sender: Sender) -> None:
    """Send a trace of 10 000 spans, of which the last one failed; only that makes the settings keep it."""
    trace_id, begin = secrets.token_bytes(16), time.time_ns() - 1000 * _MS
    spans = [
        Span(
            trace_id=trace_id,
            span_id=number.to_bytes(8),
            parent_span_id=(1).to_bytes(8) if number > 1 else b"",
            name="SELECT",
            start_time_unix_nano=begin,
            end_time_unix_nano=begin + _MS,
        )
        for number in range(1, _SPANS + 1)
    ]
    spans[-1].status.code = Status.STATUS_CODE_ERROR
    requests = [
        one_resource({"service.name": "report"}, spans[start : start + _IN_A_REQUEST])
        for start in range(0, _SPANS, _IN_A_REQUEST)
    ]
    sender.send(Expected(trace_id, "large", True, frozenset(span.span_id for span in spans)), requests)


FAULTS = (
    Fault(
        name="a trace of 10 000 spans",
        what="One trace of 10 000 spans, of which the last one failed, beside the others.",
        block=lambda _: contextlib.nullcontext(),
        also=_large_trace,
        seconds=5,
        settle_seconds=120,
        quick=True,
    ),
)
