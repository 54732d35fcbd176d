"""What no SDK sends is refused to its sender, costs the agent no memory to speak of, and takes nobody along."""

import secrets
from collections.abc import Iterator

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from tests.faults.requests import Hostile, huge, malformed
from tests.support.stacks import settings_of
from tests.support.waiting import eventually
from tests.tools.agents import agent_for
from tests.tools.loopback import AGENT, GATEWAY, Recorder, collector, recorder
from tests.tools.spans import failed_trace

pytestmark = pytest.mark.tools

_DELIVERED_SECONDS = 40.0


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TraceServiceStub, Recorder]]:
    """Run the dojo's agent, and yield it with what a gateway would get."""
    folder = tmp_path_factory.mktemp("agent")
    with (
        recorder(GATEWAY) as gateway,
        collector(folder, agent_for(settings_of("dojo"), [GATEWAY]), AGENT, {}) as found,
    ):
        yield found, gateway


@pytest.mark.parametrize("request_", [*malformed(), *huge()], ids=lambda request: request.name)
def test_it_is_refused_and_the_next_sender_is_served(
    request_: Hostile, agent: tuple[TraceServiceStub, Recorder]
) -> None:
    stub, gateway = agent
    answer = request_.send(AGENT)
    trace_id = secrets.token_bytes(16)
    stub.Export(failed_trace(trace_id, 2, 10), timeout=20)
    eventually(
        lambda: sum(span.trace_id == trace_id for _, _, span in gateway.spans()) == 2,
        "the next sender's trace arrives",
        _DELIVERED_SECONDS,
    )
    assert answer in request_.answers
