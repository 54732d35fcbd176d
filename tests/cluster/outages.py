"""Faults of the running dojo that alerts must notice, each for as long as the block lasts."""

import os
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from lab.errors import LabError
from lab.traces.roundtrip import send
from lab.traces.shop import Shop
from render.names import AGENT, GATEWAY, MINIO, TEMPO
from tests.cluster.faults import held_down, kill, program_of
from tests.support.live import LiveStack
from tests.tools.spans import failed_trace

_LOAD_TRACES = 10
# More than the dojo's sampler holds (3 600) within one wait of 10 s.
_BURST_TRACES, _BURSTS = 600, 10
_MIB = 1 << 20


@dataclass(frozen=True)
class Outage:
    """A fault by what is broken, in words of docs/queries.md, and the alerts that it makes fire."""

    name: str
    block: Callable[[LiveStack], AbstractContextManager[None]]
    alerts: frozenset[str]
    seconds: float


@contextmanager
def load(stack: LiveStack) -> Iterator[None]:
    """Send the load of a shop inside the block; what is refused meanwhile is not sent again."""
    done = threading.Event()

    def run() -> None:
        shop = Shop(secrets.randbits(32))
        while not done.wait(1):
            with suppress(LabError):
                send(
                    stack.cluster, stack.settings, shop.requests(_LOAD_TRACES, time.time_ns()).SerializeToString()
                )

    sender = threading.Thread(target=run, daemon=True)
    sender.start()
    try:
        yield
    finally:
        done.set()
        sender.join(timeout=40)


@contextmanager
def no_gateway(stack: LiveStack) -> Iterator[None]:
    """Keep the gateway down, under load."""
    with held_down(stack, GATEWAY), load(stack):
        yield


@contextmanager
def no_tempo(stack: LiveStack) -> Iterator[None]:
    """Keep Tempo down, under load."""
    with held_down(stack, TEMPO), load(stack):
        yield


@contextmanager
def no_store(stack: LiveStack) -> Iterator[None]:
    """Keep MinIO down, under load."""
    with held_down(stack, MINIO), load(stack):
        yield


@contextmanager
def hostile_clients(stack: LiveStack) -> Iterator[None]:
    """Send spans without ids, a trace that is too large, and more new traces than the sampler holds."""
    _send(stack, failed_trace(bytes(16), 1, 10))
    large = secrets.token_bytes(16)
    for _ in range(stack.settings.tempo.max_trace_bytes // _MIB + 3):
        _send(stack, failed_trace(large, 1, _MIB))
    for _ in range(_BURSTS):
        burst = ExportTraceServiceRequest()
        for _ in range(_BURST_TRACES):
            burst.MergeFrom(failed_trace(secrets.token_bytes(16), 1, 10))
        _send(stack, burst)
    with load(stack):
        yield


@contextmanager
def dying_agent(stack: LiveStack) -> Iterator[None]:
    """Kill the agent three times, then stop its process so that it does not answer."""
    for _ in range(3):
        kill(stack, AGENT)
    (pod,) = stack.pods(AGENT)
    process = program_of(pod.metadata.uid)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


def _send(stack: LiveStack, request: ExportTraceServiceRequest) -> None:
    send(stack.cluster, stack.settings, request.SerializeToString())


OUTAGES = (
    Outage(
        "hostile clients",
        hostile_clients,
        frozenset({"TracingInvalidSpans", "TracingSpansDiscarded", "TracingManyTracesInFlight",
                   "TracingTracesDroppedTooEarly"}),
        120,
    ),
    Outage(
        "MinIO is down",
        no_store,
        frozenset({"TracingBlocklistPollsFailing", "TracingStoreRequestsFailing", "TracingFlushesFailing"}),
        240,
    ),
    Outage(
        "no gateway runs",
        no_gateway,
        frozenset({"TracingGatewaysDown", "TracingBackendsDiffer", "TracingAgentDeliveryFailing"}),
        120,
    ),
    Outage("Tempo is down", no_tempo, frozenset({"TracingTempoDown", "TracingDeliveryStuck"}), 120),
    Outage(
        "the agent dies again and again",
        dying_agent,
        frozenset({"TracingProcessRestarting", "TracingAgentDown"}),
        150,
    ),
)  # fmt: skip
