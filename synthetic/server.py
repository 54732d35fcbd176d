"""The check's own HTTP server: metrics, and whether it is alive."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from synthetic.loops import Loops
from synthetic.measures import Measures

_OK, _UNHEALTHY, _NOT_FOUND = 200, 503, 404


class Server(ThreadingHTTPServer):
    """Answers `/metrics` and `/healthz`."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], measures: Measures, loops: Loops) -> None:
        """Listen at an address; port 0 is any free one."""
        self.measures, self.loops = measures, loops
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    # A client that connects and sends nothing holds its thread for this long at most.
    timeout = 10

    def do_GET(self) -> None:
        if self.path == "/metrics":
            self._answer(_OK, self.server.measures.text())
        elif self.path == "/healthz":
            healthy = self.server.loops.healthy()
            self._answer(_OK if healthy else _UNHEALTHY, "ok\n" if healthy else "a thread hangs\n")
        else:
            self._answer(_NOT_FOUND, "there are /metrics and /healthz\n")

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Log no requests: probes and scrapes are many."""
