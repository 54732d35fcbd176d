"""One measurement: a fresh collector receives a number of spans, and ends when it has delivered what it keeps."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from bench.gateway.documents import DECISION_WAIT_SECONDS, OTLP_PORT, Document, placed, sink
from bench.gateway.load import SPANS_A_BLOCK, Block, send
from bench.gateway.process import Collector, collector

# All spans are sent within the sampler's wait, so all are in flight at once.
SPANS, SPANS_PER_SECOND = 40_000, 10_000
_EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
RECEIVED = "otelcol_receiver_accepted_spans_total"
# Nothing is held back for longer than a tick of a sampler (twice) and a batch, a second each.
_QUIET_SECONDS = 4.0
_LIMIT_SECONDS = 90.0


@dataclass(frozen=True)
class Measured:
    """What one run took; CPU is the collector's alone, in microseconds for each span that it received."""

    cpu: float
    delivered: int
    # Resident memory beyond that of the idle collector, in bytes for each span in flight.
    memory: float


@dataclass(frozen=True)
class Place:
    """Where collectors run: the command, its environment, and loopback addresses of this process's own."""

    command: Sequence[str]
    environment: dict[str, str]

    @property
    def address(self) -> str:
        """The address of the measured collector."""
        return f"127.91.{os.getpid() % 250}.1"

    @property
    def sink_address(self) -> str:
        """The address of the collector that receives everything."""
        return f"127.91.{os.getpid() % 250}.2"

    def gateway_address(self, number: int) -> str:
        """Return the address of one of several gateways."""
        return f"127.91.{os.getpid() % 250}.{10 + number}"


@contextmanager
def sink_of(place: Place) -> Iterator[Collector]:
    """Run the collector that receives everything."""
    with tempfile.TemporaryDirectory() as folder:
        document = placed(sink(), place.sink_address, place.sink_address, Path(folder))
        with collector(place.command, document, place.sink_address, Path(folder), place.environment) as found:
            yield found


def measure(place: Place, document: Document, traffic: Iterator[Block], received: Collector) -> Measured:
    """Run a document's collector for one load, until nothing more reaches the sink."""
    before = received.counter(RECEIVED)
    with tempfile.TemporaryDirectory() as folder:
        own = placed(document, place.address, place.sink_address, Path(folder))
        with collector(place.command, own, place.address, Path(folder), place.environment) as found:
            time.sleep(1.0)
            cpu, idle = found.cpu_seconds(), found.resident_bytes()
            with _export(place.address) as export:
                send(traffic, SPANS // SPANS_A_BLOCK, SPANS_PER_SECOND, export)
            memory = found.resident_bytes("VmHWM") - idle
            delivered = settled(lambda: received.counter(RECEIVED), _patience(own))
            cpu = found.cpu_seconds() - cpu
    return Measured(cpu=cpu / SPANS * 1e6, delivered=int(delivered - before), memory=memory / SPANS)


def _patience(document: Document) -> float:
    """Return how long a collector may deliver nothing before everything is delivered, in seconds."""
    sampled = any(name.partition("/")[0] == "tail_sampling" for name in document.get("processors", {}))
    return _QUIET_SECONDS + (DECISION_WAIT_SECONDS if sampled else 0)


def settled(count: Callable[[], float], patience: float) -> float:
    """Return a count that has not changed for a while."""
    begin = last = time.monotonic()
    found = count()
    while time.monotonic() < min(last + patience, begin + _LIMIT_SECONDS):
        time.sleep(0.25)
        if (now := count()) != found:
            found, last, patience = now, time.monotonic(), _QUIET_SECONDS
    return found


@contextmanager
def _export(address: str) -> Iterator[Callable[[bytes], Any]]:
    """Yield a function that sends a serialized request and waits for the answer."""
    with grpc.insecure_channel(f"{address}:{OTLP_PORT}") as channel:
        call: Callable[..., Any] = channel.unary_unary(
            _EXPORT, request_serializer=None, response_deserializer=None
        )
        yield lambda request: call(request, timeout=60, wait_for_ready=True)
