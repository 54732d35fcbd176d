"""One client's spans that Tempo refuses take no other client's along: agent, gateway and Tempo as processes."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.limits import checked_plan
from render.collectors.invalid import INVALID_FILTER
from render.files import render
from render.names import COLLECTOR_METRICS_PORT, TEMPO_HTTP_PORT
from tests.support.processes import processes
from tests.support.stacks import settings_of
from tests.support.tools import tempos
from tests.support.waiting import eventually
from tests.tools.agents import agent_for
from tests.tools.loopback import AGENT, GATEWAY, TEMPO, collector
from tests.tools.monolith import start_monolith
from tests.tools.self_metrics import counted
from tests.tools.spans import failed_trace

pytestmark = pytest.mark.tools

# Trace id and span id that Tempo refuses; protobuf cannot tell a missing id from an all-zero one in the collector.
_INVALID_IDS = (
    (bytes(16), secrets.token_bytes(8)),
    (b"", secrets.token_bytes(8)),
    (secrets.token_bytes(16), bytes(8)),
)
_INVALID = 40 * len(_INVALID_IDS)
# Decision wait, batch and queue, on a busy machine.
_DELIVERED_SECONDS = 40.0


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[TraceServiceStub]:
    """Run the dojo's rendered Tempo, gateway and agent, and yield where the agent takes spans."""
    tempo = tempos()[0]
    settings = settings_of("dojo", {"sampling.decision_wait_seconds": 5} | tempo.settings)
    rendered = render(settings, checked_plan(settings))
    gateway_config = rendered.gateway.replace("tempo.fawkes-observability.svc", TEMPO)
    for folder in ("agent", "gateway"):
        (tmp_path / folder).mkdir()
    with processes(tmp_path) as running:
        start_monolith(running, tempo.program, rendered)
        with (
            collector(tmp_path / "gateway", gateway_config, GATEWAY, {}),
            collector(tmp_path / "agent", agent_for(settings, [GATEWAY]), AGENT, {}) as found,
        ):
            yield found


def _invalid(trace_id: bytes, span_id: bytes) -> ExportTraceServiceRequest:
    """Return a request with a failed span that has these ids, and a valid one."""
    request = failed_trace(trace_id, 1, 10)
    request.resource_spans[0].scope_spans[0].spans[0].span_id = span_id
    request.MergeFrom(_valid())
    return request


def _valid() -> ExportTraceServiceRequest:
    """Return a trace of one span, which the gateway keeps because it has failed."""
    return failed_trace(secrets.token_bytes(16), 1, 10)


def test_a_span_that_tempo_refuses_is_counted_and_takes_nobody_along(agent: TraceServiceStub) -> None:
    """Tempo refuses a whole request for one such span, and the gateway drops what is refused permanently."""
    for number in range(_INVALID):
        agent.Export(_invalid(*_INVALID_IDS[number % len(_INVALID_IDS)]), timeout=20)
        agent.Export(_valid(), timeout=20)
    valid = 2 * _INVALID
    eventually(
        lambda: _gateway("sent") + _gateway("send_failed") >= valid, "every span is tried", _DELIVERED_SECONDS
    )
    filtered = counted(
        AGENT, COLLECTOR_METRICS_PORT, "otelcol_processor_filter_spans_filtered_total", filter=INVALID_FILTER
    )
    assert (filtered, _gateway("sent"), _gateway("send_failed")) == (_INVALID, valid, 0)
    assert counted(TEMPO, TEMPO_HTTP_PORT, "tempo_distributor_spans_received_total") == valid


def _gateway(outcome: str) -> int:
    return counted(GATEWAY, COLLECTOR_METRICS_PORT, f"otelcol_exporter_{outcome}_spans_total")
