"""Agents as the gateways see them: requests of one service each, every trace to the gateway that its id names.

A thread serves each gateway, so a slow one does not hold up the others. Requests are prepared
(`bench.gateway.load`), so the sender takes a small part of what a gateway takes; its own CPU time is counted.
"""

import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import grpc

from bench.gateway.documents import OTLP_PORT
from bench.gateway.load import ID_BYTES, SPANS_A_BLOCK, TRACES_A_BLOCK, Block
from bench.throughput.agents import Credentials

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
# Ten agents with ten consumers each send at most a hundred requests at once, to three gateways.
_IN_FLIGHT = 32
# The agents' timeout of a request.
_TIMEOUT_SECONDS = 5.0
_BYTES_OF_IDS_AT_ONCE = ID_BYTES * 256


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Spans that were sent and those of requests that failed, in how many seconds; CPU seconds of the sender."""

    spans: int
    refused: int
    seconds: float
    cpu_seconds: float

    @property
    def spans_per_second(self) -> float:
        """The rate of accepted spans."""
        return (self.spans - self.refused) / self.seconds


def gateway_of(trace_id: bytes, gateways: int) -> int:
    """Return which gateway a trace belongs to: a hash of its id, as agents route, but spread evenly."""
    return zlib.crc32(trace_id) % gateways


def ids_for(number: int, gateways: int) -> Iterator[bytes]:
    """Yield random trace ids of one gateway, without end."""
    while True:
        random = os.urandom(_BYTES_OF_IDS_AT_ONCE)
        for begin in range(0, len(random), ID_BYTES):
            if gateway_of(each := random[begin : begin + ID_BYTES], gateways) == number:
                yield each


def send(
    addresses: Sequence[str],
    traffic: Callable[[], Iterator[Block]],
    seconds: float,
    spans_per_second: float | None,
    as_agents: Credentials | None = None,
) -> Sent:
    """Send to all gateways for some seconds: at this rate in all, or as fast as they answer.

    With credentials it compresses and encrypts.
    """
    rate = spans_per_second / len(addresses) if spans_per_second else None
    streams = [
        _Stream(address, traffic(), ids_for(number, len(addresses)), rate, as_agents)
        for number, address in enumerate(addresses)
    ]
    # Only now: making the spans is not sending them.
    cpu, begin = time.process_time(), time.monotonic()
    threads = [threading.Thread(target=stream.run, args=(begin + seconds,)) for stream in streams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Sent(
        spans=sum(stream.spans for stream in streams),
        refused=sum(stream.refused for stream in streams),
        seconds=max(stream.ended for stream in streams) - begin,
        cpu_seconds=time.process_time() - cpu,
    )


class _Stream:
    """What goes to one gateway."""

    def __init__(
        self,
        address: str,
        traffic: Iterator[Block],
        ids: Iterator[bytes],
        spans_per_second: float | None,
        as_agents: Credentials | None,
    ) -> None:
        self.spans = self.refused = 0
        self.ended = 0.0
        self._address, self._traffic, self._ids = address, traffic, ids
        self._rate, self._as_agents = spans_per_second, as_agents
        self._free, self._lock = threading.Semaphore(_IN_FLIGHT), threading.Lock()

    def run(self, end: float) -> None:
        """Send blocks until a time of `time.monotonic`, then wait for the last answers."""
        begin = time.monotonic()
        with self._channel() as channel:
            export: Any = channel.unary_unary(EXPORT)
            while time.monotonic() < end:
                if self._rate:
                    time.sleep(max(0.0, begin + self.spans / self._rate - time.monotonic()))
                self._send(next(self._traffic), export)
            for _ in range(_IN_FLIGHT):
                self._free.acquire()
        self.ended = time.monotonic()

    def _channel(self) -> grpc.Channel:
        target = f"{self._address}:{OTLP_PORT}"
        return self._as_agents.channel(target) if self._as_agents else grpc.insecure_channel(target)

    def _send(self, block: Block, export: Any) -> None:  # noqa: ANN401 - grpc has no type for it
        ids = [next(self._ids) for _ in range(TRACES_A_BLOCK)]
        for request in block.requests:
            self._free.acquire()
            call = export.future(request.with_ids(ids), timeout=_TIMEOUT_SECONDS, wait_for_ready=True)
            call.add_done_callback(self._answered(len(request.places)))
        self.spans += SPANS_A_BLOCK

    def _answered(self, spans: int) -> Callable[[Any], None]:
        def answered(call: Any) -> None:  # noqa: ANN401 - grpc has no type for it
            if call.code() != grpc.StatusCode.OK:
                with self._lock:
                    self.refused += spans
            self._free.release()

        return answered
