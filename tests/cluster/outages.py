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
from tests.cluster.faults import held_down, program_of, wait_until_ready
from tests.support.live import LiveStack
from tests.tools.spans import failed_trace

_LOAD_TRACES = 10
# What is sent for longer would exceed an agent's largest request, of 8 MiB.
_MOST_SECONDS = 5.0
# A second: more than the dojo's sampler has room for (14 400) within one wait of 10 s.
_NEW_TRACES = 1500
# A second: more failed spans than the gateway's ceiling admits (3 750), in fewer traces than its table holds.
_FAILED_TRACES, _FAILED_SPANS = 500, 12
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
    with _each_second(stack, lambda _: shop.requests(_LOAD_TRACES, time.time_ns())):
        yield


@contextmanager
def _each_second(stack: LiveStack, made: Callable[[float], ExportTraceServiceRequest]) -> Iterator[None]:
    """Send what is made for the seconds since the last request, one or a few: a slow machine sends as much."""
    done = threading.Event()

    def run() -> None:
        last = time.monotonic()
        while not done.wait(1):
            now = time.monotonic()
            request, last = made(min(now - last, _MOST_SECONDS)), now
            with suppress(LabError):
                send(stack.cluster, stack.settings, request.SerializeToString())

    sender = threading.Thread(target=run, daemon=True)
    sender.start()
    try:
        yield
    finally:
        done.set()
        sender.join(timeout=40)


@contextmanager
def no_store(stack: LiveStack) -> Iterator[None]:
    """Keep MinIO down while a shop fails in some of its requests and hostile clients send what they can."""
    with held_down(stack, MINIO), load(stack), hostile_clients(stack):
        yield


@contextmanager
def no_way(stack: LiveStack) -> Iterator[None]:
    """Keep gateway and Tempo down, under load."""
    with held_down(stack, GATEWAY), held_down(stack, TEMPO), load(stack):
        yield


@contextmanager
def hostile_clients(stack: LiveStack) -> Iterator[None]:
    """Send spans without ids, a trace beyond any limit, and more new traces than the sampler holds."""
    large = secrets.token_bytes(16)

    def hostile(seconds: float) -> ExportTraceServiceRequest:
        request = failed_trace(bytes(16), 1, 10)
        request.MergeFrom(failed_trace(large, _LARGE_SPANS, _LARGE_SPAN_BYTES))
        for _ in range(round(_NEW_TRACES * seconds)):
            request.MergeFrom(failed_trace(secrets.token_bytes(16), 1, 10))
        return request

    with _each_second(stack, hostile):
        yield


@contextmanager
def everything_fails(stack: LiveStack) -> Iterator[None]:
    """Send more failed traces than the gateway's ceiling admits, beside a shop's."""

    def failing(seconds: float) -> ExportTraceServiceRequest:
        request = ExportTraceServiceRequest()
        for _ in range(round(_FAILED_TRACES * seconds)):
            request.MergeFrom(failed_trace(secrets.token_bytes(16), _FAILED_SPANS, 10))
        return request

    with load(stack), _each_second(stack, failing):
        yield


@contextmanager
def hanging_agent(stack: LiveStack) -> Iterator[None]:
    """Stop the agent's process without ending it; the kubelet ends it after a minute."""
    (pod,) = stack.pods(AGENT)
    process = program_of(pod.metadata.uid)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        # The kubelet may have ended it meanwhile.
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)
    wait_until_ready(stack, AGENT)


_OF_BUDGETS = frozenset(
    f"TracingSlo{what}BudgetBurn{speed}" for what in ("Error", "Latency") for speed in ("Fast", "Slow")
)
_OF_CLIENTS = frozenset(
    {
        "TracingInvalidSpans",
        "TracingSpansDiscarded",
        "TracingManyTracesInFlight",
        "TracingTracesDroppedTooEarly",
    }
)
OUTAGES = (
    Outage(
        "no MinIO, hostile clients, one payment in eight fails",
        no_store,
        # Tempo counts a flush as failed after up to 5 minutes of tries, so TracingFlushesFailing is not awaited.
        frozenset({"TracingBlocklistPollsFailing"}) | _OF_BUDGETS | _OF_CLIENTS,
        300,
    ),
    Outage(
        "neither gateway nor Tempo",
        no_way,
        frozenset({"TracingGatewaysDown", "TracingAgentDeliveryFailing", "TracingTempoDown"}),
        120,
    ),
    Outage(
        "more failed traces than the ceiling admits",
        everything_fails,
        frozenset({"TracingCeilingReached", "TracingFailedTracesGivenUp"}),
        120,
    ),
    Outage("the agent hangs", hanging_agent, frozenset({"TracingAgentDown"}), 150),
)
