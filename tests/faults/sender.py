"""A sender as an application's SDK: steady traffic, and what is refused is sent again for a minute.

A request that is given up was refused: the application was told. It may have arrived all the same, when only its
answer was lost.
"""

import itertools
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from settings.sampling import Sampling
from tests.cluster.traffic import Trace, halves, traces
from tests.faults.oracle import Expected, expected_of

PER_SECOND = 25
_TICK_SECONDS = 0.2
# A second between the halves of a trace.
_HALF_DELAY_TICKS = 5
# The exporters' default timeout, and the pauses of their retries; a minute in all.
_SEND_SECONDS = 10.0
_PAUSES = (1, 2, 4, 8, 16, 32)
_RETRIED = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.ABORTED,
}
# All requests of a minute, should each of them wait for its retries.
_AT_ONCE = 1000
# Of each 100 traces these many of each kind that is always kept.
_OF_EACH_KIND, _BATCH = 5, 100
# Traces with the same value of the attribute that they are searched by.
LABELLED = 500


@dataclass
class Sender:
    """Sends to `address` (host and port) until it is stopped.

    `refused` holds the ids of traces of which a request was given up. The steady traffic is in `labelled`, by the
    value of the attribute that it is searched by; a fault's `own` traces without one are read by their ids; `sent`
    holds both. Safe to read from any thread.
    """

    address: str
    sampling: Sampling
    run: str = field(default_factory=lambda: secrets.token_hex(6))
    sent: list[Expected] = field(default_factory=list)
    refused: set[bytes] = field(default_factory=set)
    labelled: dict[str, list[Expected]] = field(default_factory=dict)
    own: list[Expected] = field(default_factory=list)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_AT_ONCE))
    _stop: threading.Event = field(default_factory=threading.Event)
    _abandoned: threading.Event = field(default_factory=threading.Event)

    def send(self, expected: Expected, requests: Sequence[ExportTraceServiceRequest], label: str = "") -> None:
        """Send a trace of a fault's own beside the steady traffic.

        It is searched by the label that all of its spans have (at most `LABELLED` traces have the same), or read
        by its id, which takes Tempo a second or more.
        """
        self.sent.append(expected)
        (self.labelled.setdefault(label, []) if label else self.own).append(expected)
        for request in requests:
            self._pool.submit(self._deliver, (expected.id,), request)

    def stop(self) -> None:
        """Begin no new trace."""
        self._stop.set()

    def steady(self) -> None:
        """Send steady traffic until `stop`, and the second halves of what was begun."""
        size = round(PER_SECOND * _TICK_SECONDS)
        made = self._made()
        waiting: deque[tuple[tuple[bytes, ...], ExportTraceServiceRequest]] = deque()
        began = time.monotonic()
        for tick in itertools.count():
            time.sleep(max(0.0, began + tick * _TICK_SECONDS - time.monotonic()))
            if not self._stop.is_set():
                ids, first, second = self._begun(list(itertools.islice(made, size)))
                self._pool.submit(self._deliver, ids, first)
                waiting.append((ids, second))
            elif not waiting:
                return
            if tick >= _HALF_DELAY_TICKS and waiting:
                self._pool.submit(self._deliver, *waiting.popleft())

    def finish(self) -> None:
        """Wait until every request is accepted or given up."""
        self._pool.shutdown()

    def abandon(self) -> None:
        """Repeat nothing any more."""
        self._abandoned.set()

    def _made(self) -> Iterator[Trace]:
        for batch in itertools.count():
            yield from traces(f"{self.run} {batch}", _OF_EACH_KIND, _BATCH)

    def _begun(
        self, planned: list[Trace]
    ) -> tuple[tuple[bytes, ...], ExportTraceServiceRequest, ExportTraceServiceRequest]:
        label = f"{self.run}-{len(self.sent) // LABELLED}"
        expected = [expected_of(trace, self.sampling) for trace in planned]
        self.sent += expected
        self.labelled.setdefault(label, []).extend(expected)
        return (tuple(trace.id for trace in planned), *halves(planned, label))

    def _deliver(self, ids: tuple[bytes, ...], request: ExportTraceServiceRequest) -> None:
        """Send a request, again after each pause; the traces of one that is given up are refused."""
        for pause in (*_PAUSES, 0):
            try:
                # A connection of its own: one to a node that is gone would fail for minutes.
                with grpc.insecure_channel(self.address, [("grpc.use_local_subchannel_pool", 1)]) as channel:
                    stub = TraceServiceStub(channel)  # type: ignore[no-untyped-call]
                    answer = stub.Export(request, timeout=_SEND_SECONDS)
                if answer.partial_success.rejected_spans:
                    break
            except grpc.RpcError as error:
                if error.code() not in _RETRIED:
                    break
                if self._abandoned.wait(pause):
                    break
            else:
                return
        self.refused.update(ids)


@contextmanager
def sending(address: str, sampling: Sampling) -> Iterator[Sender]:
    """Send steady traffic inside the block; after it every request is accepted or given up."""
    sender = Sender(address, sampling)
    steady = threading.Thread(target=sender.steady, daemon=True)
    steady.start()
    try:
        yield sender
        sender.stop()
        steady.join()
        sender.finish()
    finally:
        # After an interrupt the threads end without another retry.
        sender.stop()
        sender.abandon()
