"""Attributes and requests of OTLP from plain values."""

from collections.abc import Mapping, Sequence

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

Value = str | int | float | bool


def attributes(values: Mapping[str, Value]) -> list[KeyValue]:
    """Return attributes of the values' own types."""
    return [KeyValue(key=key, value=_value(value)) for key, value in values.items()]


def one_resource(resource: Mapping[str, Value], spans: Sequence[Span]) -> ExportTraceServiceRequest:
    """Return a request with spans of one resource."""
    scope = ScopeSpans(spans=spans)
    of_resource = ResourceSpans(resource=Resource(attributes=attributes(resource)), scope_spans=[scope])
    return ExportTraceServiceRequest(resource_spans=[of_resource])


def _value(value: Value) -> AnyValue:
    # A bool is an int, too.
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    return AnyValue(double_value=value) if isinstance(value, float) else AnyValue(string_value=value)
