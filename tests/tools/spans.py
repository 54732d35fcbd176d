"""Traces of a given size, which are always kept because they failed."""

import time

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from tests.cluster.traffic import text

_LINE = "at shop.Cart.total "


def failed_trace(
    trace_id: bytes, spans: int, span_bytes: int, namespace: str = "team-a"
) -> ExportTraceServiceRequest:
    """Return one trace in one request; each span carries a stack trace of about `span_bytes`."""
    begin = time.time_ns()
    stack_trace = text("exception.stacktrace", _LINE * (span_bytes // len(_LINE)))
    made = [
        Span(
            trace_id=trace_id,
            span_id=number.to_bytes(8),
            name="SELECT",
            start_time_unix_nano=begin,
            end_time_unix_nano=begin + 1,
            status=Status(code=Status.STATUS_CODE_ERROR),
            attributes=[stack_trace],
        )
        for number in range(1, spans + 1)
    ]
    resource = Resource(attributes=[text("service.name", "shop"), text("k8s.namespace.name", namespace)])
    return ExportTraceServiceRequest(
        resource_spans=[ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=made)])]
    )
