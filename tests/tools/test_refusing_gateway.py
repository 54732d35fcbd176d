"""A gateway that refuses for a while: the healthy one gets few copies, and afterwards every span has arrived."""

import secrets
import threading
import time
from collections import Counter
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.support.stacks import settings_of
from tests.support.waiting import eventually
from tests.tools.agents import agent_for
from tests.tools.loopback import AGENT, GATEWAY, TEMPO, Recorder, collector, recorder, serving
from tests.tools.spans import failed_trace

pytestmark = pytest.mark.tools

_REFUSES_SECONDS = 16.0
# Pauses of 1, 2, 4, 8 and 16 s, each shorter by up to half: retries at 0.5, 1.5, 3.5, 7.5 and 15.5 s at the
# earliest.
_MOST_COPIES = 5
_TRACES = 30
_DELIVERED_SECONDS = 30.0


class _Refusing(Recorder):
    """Answers UNAVAILABLE until it is told to accept."""

    def __init__(self) -> None:
        """Start refusing."""
        super().__init__()
        self.accepts = threading.Event()
        self.refused = 0

    def Export(  # noqa: N802 - gRPC's name
        self, request: ExportTraceServiceRequest, context: grpc.ServicerContext
    ) -> ExportTraceServiceResponse:
        """Refuse as a gateway's memory limiter does, or record."""
        if not self.accepts.is_set():
            self.refused += 1
            context.abort(grpc.StatusCode.UNAVAILABLE, "data refused due to high memory usage")
        return super().Export(request, context)


def _copies(gateway: Recorder) -> Counter[bytes]:
    """Return how often each trace arrived."""
    return Counter(span.trace_id for _, _, span in gateway.spans())


def test_a_healthy_gateway_gets_few_copies_while_another_refuses(tmp_path: Path) -> None:
    """The agent sends the whole request again, also to the gateway that took its share."""
    sent = [secrets.token_bytes(16) for _ in range(_TRACES)]
    request = ExportTraceServiceRequest()
    for trace_id in sent:
        request.MergeFrom(failed_trace(trace_id, 1, 10))
    config = agent_for(settings_of("dojo"), [GATEWAY, TEMPO])
    refusing = _Refusing()
    with (
        recorder(GATEWAY) as healthy,
        serving(refusing, TEMPO),
        collector(tmp_path, config, AGENT, {}) as agent,
    ):
        agent.Export(request, timeout=20)
        time.sleep(_REFUSES_SECONDS)
        copies = _copies(healthy)
        refusing.accepts.set()
        eventually(
            lambda: {*_copies(healthy), *_copies(refusing)} == {*sent},
            "every trace has arrived",
            _DELIVERED_SECONDS,
        )
    assert 0 < len(copies) < _TRACES, "one gateway has all traces, so nothing was shown"
    assert 2 <= max(copies.values()) <= 1 + _MOST_COPIES
    assert refusing.refused <= 1 + _MOST_COPIES
    assert set(_copies(refusing).values()) == {1}
