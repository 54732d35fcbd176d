"""The largest span that an agent accepts takes nobody along, and a larger one is refused to its sender."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from plan.delivery import AGENT_MAX_MESSAGE_MIB
from plan.units import MIB
from render.names import COLLECTOR_METRICS_PORT, OTLP_HTTP_PORT
from tests.support.waiting import eventually
from tests.tools.agents import agent_for
from tests.tools.loopback import AGENT, GATEWAY, TEMPO, Recorder, collector, direct_session, recorder
from tests.tools.self_metrics import counted
from tests.tools.spans import failed_trace
from tests.tools.tenants import gateway_config, tenant_settings

pytestmark = pytest.mark.tools

_LARGEST_BYTES = AGENT_MAX_MESSAGE_MIB * MIB
# Room for the rest of the request.
_REST_BYTES = 1_000
_TRACES = 20
_DELIVERED_SECONDS = 40.0
# The decision wait of `tenant_settings`, a batch and a pause: by then nothing more comes.
_QUIET_SECONDS = 15.0


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[tuple[TraceServiceStub, Recorder]]:
    """Run the rendered gateway and agent of a stack with tenants; yield the agent, and what Tempo would get."""
    for folder in ("agent", "gateway"):
        (tmp_path / folder).mkdir()
    # Without tenants in the agent: it would delete the namespaces that the traces of this test claim.
    config = agent_for(tenant_settings(), [GATEWAY]).replace("- resource/claims\n", "\n")
    with (
        recorder(TEMPO) as tempo,
        collector(tmp_path / "gateway", gateway_config(), GATEWAY, {}),
        collector(tmp_path / "agent", config, AGENT, {}) as found,
    ):
        yield found, tempo


def _large(span_bytes: int) -> ExportTraceServiceRequest:
    """Return a failed trace of one span with an attribute that nothing masks."""
    request = failed_trace(secrets.token_bytes(16), 1, 10, namespace="team-a")
    (span,) = request.resource_spans[0].scope_spans[0].spans
    span.attributes.append(KeyValue(key="body", value=AnyValue(bytes_value=bytes(span_bytes))))
    return request


def test_the_largest_span_arrives_and_takes_nobody_along(agent: tuple[TraceServiceStub, Recorder]) -> None:
    """It is larger than the gateway's batches, so it travels alone."""
    stub, tempo = agent
    stub.Export(_large(_LARGEST_BYTES - _REST_BYTES), timeout=20)
    for _ in range(_TRACES):
        stub.Export(failed_trace(secrets.token_bytes(16), 2, 10, namespace="team-a"), timeout=20)
    # Each span once in either tier.
    every = 2 * (2 * _TRACES + 1)
    eventually(lambda: len(tempo.spans()) >= every, "every span arrives", _DELIVERED_SECONDS)
    assert len(tempo.spans()) == every
    assert max(span.ByteSize() for _, _, span in tempo.spans()) > _LARGEST_BYTES - _REST_BYTES


def test_a_larger_span_takes_nobody_along_and_is_refused_to_its_sender(
    agent: tuple[TraceServiceStub, Recorder],
) -> None:
    """Behind the agent it would share a batch, and a span that cannot be cut takes the rest of its batch along."""
    stub, tempo = agent
    too_large = _large(_LARGEST_BYTES + _REST_BYTES)
    answers = {_by_grpc(stub, too_large), _by_http(too_large)}
    for _ in range(_TRACES):
        stub.Export(failed_trace(secrets.token_bytes(16), 2, 10, namespace="team-a"), timeout=20)
    # Nothing may have arrived yet, and making the requests takes time too.
    sent = time.monotonic()
    eventually(
        lambda: len(tempo.spans()) >= 4 * _TRACES or time.monotonic() - max(tempo.last, sent) > _QUIET_SECONDS,
        "no more spans come",
        _DELIVERED_SECONDS,
    )
    assert len(tempo.spans()) == 4 * _TRACES
    assert answers == {"RESOURCE_EXHAUSTED", "400"}
    assert counted(AGENT, COLLECTOR_METRICS_PORT, "otelcol_receiver_accepted_spans_total") == 2 * _TRACES


def _by_grpc(agent: TraceServiceStub, request: ExportTraceServiceRequest) -> str:
    """Return the status of a refusal, or OK."""
    try:
        agent.Export(request, timeout=20)
    except grpc.RpcError as refusal:
        return str(refusal.code().name)
    return "OK"


def _by_http(request: ExportTraceServiceRequest) -> str:
    """Return the status of the answer."""
    with direct_session() as session:
        answer = session.post(
            f"http://{AGENT}:{OTLP_HTTP_PORT}/v1/traces",
            data=request.SerializeToString(),
            headers={"Content-Type": "application/x-protobuf"},
            timeout=20,
        )
    return str(answer.status_code)
