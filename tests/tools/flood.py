"""Many requests of one span each, sent as bytes without waiting for each answer."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import grpc

from render.names import OTLP_GRPC_PORT
from tests.tools.spans import failed_trace

METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
_PLACEHOLDER = b"\x01" * 16
_IN_FLIGHT = 64
_ANSWER_SECONDS = 30
_LOOK_SECONDS = 0.02


@dataclass
class Flood:
    """The ids of the traces that were accepted, and the codes of the refusals."""

    accepted: set[bytes] = field(default_factory=set)
    refused: list[grpc.StatusCode] = field(default_factory=list)


def flood(address: str, span_bytes: int, requests: int, refusals: int = 200) -> Flood:
    """Send up to this many requests to a collector, and stop after this many refusals."""
    result, free = Flood(), threading.Semaphore(_IN_FLIGHT)
    template = failed_trace(_PLACEHOLDER, 1, span_bytes).SerializeToString()

    def answered(trace: bytes, call: Any) -> None:
        code = call.code()
        if code == grpc.StatusCode.OK:
            result.accepted.add(trace)
        else:
            result.refused.append(code)
        free.release()

    with grpc.insecure_channel(f"{address}:{OTLP_GRPC_PORT}") as channel:
        export: Any = channel.unary_unary(METHOD)
        for _ in range(requests):
            if len(result.refused) >= refusals:
                break
            free.acquire()
            trace = secrets.token_bytes(16)
            call = export.future(template.replace(_PLACEHOLDER, trace), timeout=_ANSWER_SECONDS)
            call.add_done_callback(partial(answered, trace))
        for _ in range(_IN_FLIGHT):
            free.acquire()
    return result


@contextmanager
def largest(folder: Path) -> Iterator[list[int]]:
    """Yield one number: the disk that a folder's files took at most inside the block, in bytes."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_SECONDS):
            peak[0] = max(peak[0], disk_used(folder))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def disk_used(folder: Path) -> int:
    """Return the disk that the files of a folder take, in bytes: blocks, as a kubelet counts them."""
    found = 0
    for file in folder.iterdir():
        # A copy of compaction may go at any time.
        with suppress(FileNotFoundError):
            found += file.stat().st_blocks * 512
    return found
