"""The agent's queue stays within its volume, whatever the size of the requests, and nothing in it is lost."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.units import MIB
from render.collectors.common import COMPACTED_FROM_MIB
from tests.support.stacks import PLAINTEXT, settings_of
from tests.support.waiting import eventually
from tests.tools.flood import Flood, disk_used, flood, largest
from tests.tools.loopback import AGENT, TEMPO, Recorder, collector, recorder, serving
from tests.tools.node_api import POD, NodeApi, agent_config, agent_environment, api_server

pytestmark = pytest.mark.tools

# The smallest that an agent may have.
VOLUME_MIB = 208
_QUEUE = re.compile(r"queue_size: (\d+)")
# A queue that fills and drains in seconds.
_SMALL_QUEUE = 2 * 2**20
_REFUSALS = 200
_DRAINED_SECONDS = 120.0
# Its queue is several times as large as a file that is not compacted.
_LARGER_VOLUME_MIB = 512
# Requests of 200 kB that wait while the file is compacted, which begins below COMPACTION_TRIGGER_MIB.
_HELD = 20


class _Holding(Recorder):
    """A receiver that answers no more after some requests of one span, until it is told to go on."""

    def __init__(self, answered: int) -> None:
        """Start with no requests."""
        super().__init__()
        self.go_on = threading.Event()
        self._answered = answered

    def Export(  # noqa: N802 - gRPC's name
        self, request: ExportTraceServiceRequest, context: grpc.ServicerContext
    ) -> ExportTraceServiceResponse:
        """Record one request, at once or when this goes on."""
        if len(self.received) >= self._answered:
            self.go_on.wait(_DRAINED_SECONDS)
        return super().Export(request, context)


def rendered(volume_mib: int = VOLUME_MIB) -> str:
    """Return the rendered agent with a volume, the smallest by default."""
    return agent_config(settings_of("prod", {"collectors.agent.queue_volume_mib": volume_mib, **PLAINTEXT}))


@contextmanager
def agent(folder: Path, config: str) -> Iterator[TraceServiceStub]:
    """Run an agent whose queue has a folder from the start."""
    (folder / "queue").mkdir(exist_ok=True)
    with (
        api_server(folder, NodeApi([POD])) as kubeconfig,
        collector(folder, config, AGENT, agent_environment(kubeconfig)) as found,
    ):
        yield found


def drained(sent: Flood, log: Recorder) -> bool:
    """Return whether every accepted trace has arrived."""
    return sent.accepted <= {span.trace_id for _, _, span in log.spans()}


@pytest.mark.parametrize("span_bytes", [40, 20_000, 500_000])
def test_a_queue_within_its_volume_refuses_when_it_is_full_and_delivers_all_that_it_accepted(
    tmp_path: Path, span_bytes: int
) -> None:
    """No gateway answers until the queue is full. What a small queue needs, a large one needs in proportion."""
    config = rendered()
    (planned,) = map(int, _QUEUE.findall(config))
    small = _QUEUE.sub(f"queue_size: {_SMALL_QUEUE}", config)
    with agent(tmp_path, small), largest(tmp_path / "queue") as used:
        sent = flood(AGENT, span_bytes, 100_000, _REFUSALS)
        with recorder(TEMPO) as log:
            eventually(lambda: drained(sent, log), "every accepted span arrives", _DRAINED_SECONDS)
    assert set(sent.refused) == {grpc.StatusCode.UNAVAILABLE}
    assert used[0] > _SMALL_QUEUE
    assert used[0] / _SMALL_QUEUE * planned < VOLUME_MIB * 2**20


def test_the_file_of_a_queue_shrinks_after_an_outage_and_nothing_in_it_is_lost(tmp_path: Path) -> None:
    """Otherwise the disk of an outage stays taken until the Pod goes.

    Compaction begins as soon as little is left, and may copy what still waits; here it always does. The copy is
    not compacted again, so the file keeps that size.
    """
    queue = tmp_path / "queue"
    with agent(tmp_path, rendered(_LARGER_VOLUME_MIB)):
        sent = flood(AGENT, 200_000, 100_000, _REFUSALS)
        assert disk_used(queue) > 3 * COMPACTED_FROM_MIB * MIB
        log = _Holding(len(sent.accepted) - _HELD)
        with serving(log, TEMPO):
            eventually(lambda: disk_used(queue) < COMPACTED_FROM_MIB * MIB, "the file shrinks", _DRAINED_SECONDS)
            assert not drained(sent, log)
            log.go_on.set()
            eventually(lambda: drained(sent, log), "every accepted span arrives", _DRAINED_SECONDS)
            assert disk_used(queue) < COMPACTED_FROM_MIB * MIB
