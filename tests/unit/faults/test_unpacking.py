"""Small requests that unpack to large ones are what they claim to be."""

import gzip

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from plan.delivery import AGENT_MAX_MESSAGE_MIB
from plan.units import MIB
from tests.faults.unpacking import PARTS, made_of

_SIZE = 3000


# Python's decoder refuses lists in lists that are as deep.
@pytest.mark.parametrize("parts", sorted({*PARTS} - {"lists in lists"}))
def test_a_request_can_be_decoded_and_is_not_too_large(parts: str) -> None:
    request = made_of(parts, _SIZE)
    first, *_ = ExportTraceServiceRequest.FromString(request).resource_spans[0].scope_spans[0].spans
    assert len(first.trace_id) == 16
    assert _SIZE / 2 < len(request) <= _SIZE


def test_eight_kilobytes_unpack_to_as_much_as_an_agent_takes() -> None:
    limit = AGENT_MAX_MESSAGE_MIB * MIB
    request = made_of("attributes", limit)
    assert limit * 0.99 < len(request) <= limit
    assert len(gzip.compress(request)) < 10_000
