"""A TCP relay whose connections a test can cut, and which may slow down what passes."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Queue

_BUFFER_BYTES = 65_536
_CONNECT_SECONDS = 5.0
# What a slow direction of a connection holds, in reads of a buffer each; more waits at its sender.
_HELD_READS = 64


@dataclass(frozen=True)
class Pace:
    """How many seconds each byte is under way, and how many bytes a second pass, in each direction."""

    delay_seconds: float
    bytes_per_second: float


@dataclass
class Relay:
    """Passes bytes on, in both directions, without understanding them; at once, or at a pace."""

    target: tuple[str, int]
    pace: Pace | None = None
    _open: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def cut(self) -> int:
        """Close every connection; return how many there were."""
        with self._lock:
            sockets, self._open = self._open, set()
        for one in sockets:
            # Wakes the thread that reads from it, which `close` alone does not.
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        return len(sockets) // 2

    def serve(self, client: socket.socket) -> None:
        """Relay one connection until either side ends it."""
        with client:
            try:
                server = socket.create_connection(self.target, _CONNECT_SECONDS)
            except OSError:
                return
            with server:
                server.settimeout(None)
                with self._lock:
                    self._open |= {client, server}
                with suppress(OSError):
                    self._pass_on(client, server)
                with self._lock:
                    self._open -= {client, server}

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        if self.pace is None:
            _copy(client, server)
            return
        back = threading.Thread(target=_copy_slowly, args=(server, client, self.pace), daemon=True)
        back.start()
        _copy_slowly(client, server, self.pace)
        back.join()


def _copy(one: socket.socket, other: socket.socket) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in selector.select():
                data = key.fileobj.recv(_BUFFER_BYTES)  # type: ignore[union-attr]  # only sockets are registered
                if not data:
                    return
                key.data.sendall(data)


def _copy_slowly(source: socket.socket, sink: socket.socket, pace: Pace) -> None:
    """Pass on what comes from `source`, then end both."""
    held: Queue[tuple[float, bytes]] = Queue(_HELD_READS)
    writer = threading.Thread(target=_write, args=(held, sink, pace), daemon=True)
    writer.start()
    data = b"more"
    with suppress(OSError):
        while data:
            data = source.recv(_BUFFER_BYTES)
            held.put((time.monotonic() + pace.delay_seconds, data))
    held.put((0.0, b""))
    writer.join()
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _write(held: "Queue[tuple[float, bytes]]", sink: socket.socket, pace: Pace) -> None:
    """Write until the end; what cannot be written is dropped, so that the reader never waits for it."""
    is_open = True
    while (next_one := held.get())[1]:
        due, data = next_one
        if is_open:
            time.sleep(max(0.0, due - time.monotonic()) + len(data) / pace.bytes_per_second)
            try:
                sink.sendall(data)
            except OSError:
                is_open = False


@contextmanager
def relay(listen: tuple[str, int], target: tuple[str, int], pace: Pace | None = None) -> Iterator[Relay]:
    """Relay what connects to `listen` to `target`; both are host and port."""
    with socket.create_server(listen) as server, relaying(server, Relay(target, pace)) as running:
        yield running


@contextmanager
def relaying(server: socket.socket, running: Relay) -> Iterator[Relay]:
    """Relay what connects to a socket that listens; it is shut down at the end."""
    thread = threading.Thread(target=_accept, args=(server, running), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        running.cut()


def _accept(server: socket.socket, running: Relay) -> None:
    # Ends when the listening socket is shut down.
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            threading.Thread(target=running.serve, args=(client,), daemon=True).start()
