"""The HTTP server of the page: its files, the stack's definitions, and queries that are passed on."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lab.cluster.service import Answered
from lab.errors import LabError
from lab.look.definitions import Definitions
from lab.look.guard import PROMETHEUS_PATHS, TEMPO_PATHS, refusal
from lab.look.upstream import Upstream
from render.collectors.routing import TENANT_HEADER

HOST = "127.0.0.1"
# A connection that sends nothing is closed; browsers open a new one.
_IDLE_SECONDS = 60
# A dashboard has up to 30 queries, and browsers send six at once; more would be many windows or a mistake.
_AT_ONCE = 12
_JSON = "application/json"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_SECURITY = {
    # Neither inline scripts nor inline styles: a span's name can never become either.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Site:
    """What is served: files by their path, the stack's definitions, and the two servers behind.

    `prometheus` is None for a stack whose Prometheus cannot be reached.
    """

    files: Mapping[str, Path]
    definitions: Definitions
    tempo: Upstream
    prometheus: Upstream | None


class LookServer(ThreadingHTTPServer):
    """Serves one site on loopback until `shutdown`."""

    daemon_threads = True
    # Another server on this port must be reported, not joined.
    allow_reuse_port = False

    def __init__(self, site: Site, port: int) -> None:
        """Listen on this port, or on any free one if it is 0; LabError when it is taken."""
        self.site = site
        self.passing = threading.BoundedSemaphore(_AT_ONCE)
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise LabError(
                f"Port {port} of this machine cannot be used: {error}.", "Choose another: make look PORT=8301"
            ) from error

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the library's signature
        """Do not report browsers that went away: they cancel what they no longer show."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    server: LookServer
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    # Its name and version are nobody's business.
    server_version, sys_version = "look", ""

    def do_GET(self) -> None:
        """Answer, or say why not."""
        refused = refusal(self.command, self.path, self.headers, self.server.server_port)  # type: ignore[arg-type]
        if refused:
            # A body that was sent is not read, so nothing after it can be.
            self.close_connection = True
            self._answer(Answered(refused[0], f"{refused[1]}\n".encode()))
            return
        self._answer(_found(self.server, self.path))

    # One handler for every method, which it checks: the library's answer to others lacks our headers.
    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET  # noqa: N815 - the library's names

    def _answer(self, answer: Answered) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def end_headers(self) -> None:
        """Send the security headers with every answer, those of the library's own errors included."""
        for name, value in _SECURITY.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
        """Keep the terminal for the address."""


def _found(server: LookServer, target: str) -> Answered:
    site, (path, _, _) = server.site, target.partition("?")
    if file := site.files.get(path):
        return Answered(HTTPStatus.OK, file.read_bytes(), _TYPES.get(file.suffix, "text/plain"))
    if path == "/definitions.json":
        return Answered(HTTPStatus.OK, json.dumps(site.definitions.summary).encode(), _JSON)
    if dashboard := site.definitions.dashboards.get(path.removeprefix("/dashboards/")):
        return Answered(HTTPStatus.OK, dashboard.encode(), _JSON)
    if path.startswith("/tempo/"):
        return _of_tempo(server, target)
    if path.startswith("/prometheus/"):
        return _of_prometheus(server, target)
    return _refused(HTTPStatus.NOT_FOUND, "There is nothing here.")


def _of_tempo(server: LookServer, target: str) -> Answered:
    """Answer `/tempo/<uid of a datasource>/<path>`; only the stack's own tenants can be named."""
    uid, _, rest = target.removeprefix("/tempo/").partition("/")
    tenants = server.site.definitions.tempo
    if uid not in tenants:
        return _refused(
            HTTPStatus.NOT_FOUND, f"The stack has no datasource of this name; it has {', '.join(tenants)}."
        )
    if not TEMPO_PATHS.fullmatch("/" + rest.partition("?")[0]):
        return _refused(HTTPStatus.FORBIDDEN, "Only queries of traces are passed on to Tempo.")
    header = tenants[uid]
    return _passed(server, server.site.tempo, "/" + rest, {TENANT_HEADER: header} if header else {}, "Tempo")


def _of_prometheus(server: LookServer, target: str) -> Answered:
    path = target.removeprefix("/prometheus")
    if not PROMETHEUS_PATHS.fullmatch(path.partition("?")[0]):
        return _refused(HTTPStatus.FORBIDDEN, "Only queries are passed on to Prometheus.")
    if server.site.prometheus is None:
        return _refused(
            HTTPStatus.NOT_FOUND, "This stack has no Prometheus in its cluster: set grafana.prometheus_url."
        )
    return _passed(server, server.site.prometheus, path, {}, "Prometheus")


def _passed(server: LookServer, upstream: Upstream, path: str, headers: Mapping[str, str], name: str) -> Answered:
    with server.passing:
        answer = upstream(path, {"Accept": _JSON, **headers})
    if not answer.status:
        said = answer.body.decode(errors="replace")
        return _refused(HTTPStatus.BAD_GATEWAY, f"{name} does not answer: {said}")
    # Of another type the browser makes nothing but text.
    kind = _JSON if answer.content_type.startswith(_JSON) else "text/plain; charset=utf-8"
    return Answered(answer.status, answer.body, kind)


def _refused(status: HTTPStatus, said: str) -> Answered:
    return Answered(status, f"{said}\n".encode(), "text/plain; charset=utf-8")
