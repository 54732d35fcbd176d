"""A server with the answers that real parts cannot be made to give, and a configuration of the check for it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from synthetic.config import Config, Way

Answer = Callable[[BaseHTTPRequestHandler], None]


def says(status: int, body: bytes, date: str = "") -> Answer:
    """Return an answer with a status and a body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)
        if date:
            handler.send_header("Date", date)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def says_json(document: object) -> Answer:
    """Return an answer of success."""
    return says(200, json.dumps(document).encode())


def drips(handler: BaseHTTPRequestHandler) -> None:
    """Begin a header, and send a byte of it every tenth of a second for half a minute."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(300):
        try:
            handler.wfile.write(b"x")
        except OSError:
            return
        time.sleep(0.1)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


def speaks_no_http(handler: BaseHTTPRequestHandler) -> None:
    """Answer something else."""
    handler.wfile.write(b"\x16\x03\x01\x02garbage\r\n\r\n")
    handler.close_connection = True


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serve one answer to everything, and yield the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def config(url: str, query_url: str = "") -> Config:
    """Return the configuration of a check whose way and Tempo are there, with short times."""
    way = Way(name="gateway", tenant="one", url=f"{url}/v1/traces", tenants=("one",), resource={})
    return Config(
        seed="test",
        port=0,
        query_url=query_url or url,
        multitenant=True,
        interval_seconds=0.2,
        wait_seconds=0.05,
        poll_seconds=0.1,
        deadline_seconds=0.5,
        request_seconds=2,
        stored_after_seconds=1,
        stored_every_seconds=1,
        ways=(way,),
    )
