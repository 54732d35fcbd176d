"""A small request that unpacks to the largest that an agent takes."""

import gzip
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from plan.delivery import AGENT_MAX_MESSAGE_MIB
from plan.units import MIB
from tests.faults import requests


def test_eight_kilobytes_unpack_to_millions_of_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []

    def post(_: str, body: bytes, *_rest: Any) -> str:
        sent.append(body)
        return requests.CUT_OFF

    monkeypatch.setattr(requests, "post", post)
    requests.unpacking().send("agent")
    (packed,) = sent
    body = gzip.decompress(packed)
    assert len(packed) < 10_000
    assert AGENT_MAX_MESSAGE_MIB * MIB * 0.99 < len(body) <= AGENT_MAX_MESSAGE_MIB * MIB
    # Parsing all of it would take this test gigabytes as well.
    assert body.count(requests.EMPTY_ATTRIBUTE) > 4_000_000
    short = requests.failed_trace_with_attributes(3)
    (span,) = ExportTraceServiceRequest.FromString(short).resource_spans[0].scope_spans[0].spans
    assert len(span.trace_id) == 16
    assert len(span.attributes) == 3 + 1
