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
# A second: more than the dojo's sampler holds (3 600) within one wait of 10 s.
_NEW_TRACES = 600
# Tempo cuts text attributes at 2 048 bytes, so only many spans make a trace larger than its limit of 5 MB.
_LARGE_SPANS, _LARGE_SPAN_BYTES = 500, 2000


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
    shop = Shop(secrets.randbits(32))
    with _each_second(stack, lambda: shop.requests(_LOAD_TRACES, time.time_ns())):
        yield


@contextmanager
def _each_second(stack: LiveStack, made: Callable[[], ExportTraceServiceRequest]) -> Iterator[None]:
    done = threading.Event()

    def run() -> None:
        while not done.wait(1):
            with suppress(LabError):
                send(stack.cluster, stack.settings, made().SerializeToString())

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
    """Send spans without ids, a trace beyond any limit, and more new traces than the sampler holds."""
    large = secrets.token_bytes(16)

    def hostile() -> ExportTraceServiceRequest:
        request = failed_trace(bytes(16), 1, 10)
        request.MergeFrom(failed_trace(large, _LARGE_SPANS, _LARGE_SPAN_BYTES))
        for _ in range(_NEW_TRACES):
            request.MergeFrom(failed_trace(secrets.token_bytes(16), 1, 10))
        return request

    with _each_second(stack, hostile):
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


OUTAGES = (
    Outage(
        "one payment in eight fails, and some checkouts are slow",
        load,
        frozenset({"TracingSloErrorBudgetBurnFast", "TracingSloErrorBudgetBurnSlow",
                   "TracingSloLatencyBudgetBurnFast", "TracingSloLatencyBudgetBurnSlow"}),
        200,
    ),
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
        frozenset({"TracingBlocklistPollsFailing", "TracingFlushesFailing"}),
        240,
    ),
    Outage(
        "no gateway runs",
        no_gateway,
        frozenset({"TracingGatewaysDown", "TracingAgentDeliveryFailing"}),
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
