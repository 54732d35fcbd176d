"""A TCP relay whose connections a test can cut, so that both sides make new ones."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_BUFFER_BYTES = 65_536
_CONNECT_SECONDS = 5.0


@dataclass
class Relay:
    """Passes bytes on, in both directions, without understanding them."""

    target: tuple[str, int]
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
                    _copy(client, server)
                with self._lock:
                    self._open -= {client, server}


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


@contextmanager
def relay(listen: tuple[str, int], target: tuple[str, int]) -> Iterator[Relay]:
    """Relay what connects to `listen` to `target`; both are host and port."""
    running = Relay(target)
    with socket.create_server(listen) as server:
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
