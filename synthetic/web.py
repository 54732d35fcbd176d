"""One HTTP request that ends in time whatever the server does, and the reason when it fails."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from synthetic.config import Tls

# Every reason of a failure: the values of a label.
REASONS = (
    "dns",
    "refused",
    "timeout",
    "tls",
    "status_4xx",
    "status_5xx",
    "garbage",
    "rejected",
    "partial",
    "incomplete",
    "not_found",
    "other",
)
# Far more than any answer about two spans.
_MAX_BYTES = 1024 * 1024
_OK, _REDIRECTS, _CLIENT_ERRORS, _SERVER_ERRORS = 200, 300, 400, 500
NOT_FOUND = 404
_DEFAULT_PORTS = {"http": 80, "https": 443}


class CheckError(Exception):
    """A failed request or read: one of `REASONS`, and a sentence for the log."""

    def __init__(self, reason: str, detail: str) -> None:
        """Take both."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request; a body makes it a POST.

    Of several addresses behind the host's name it takes one, by `turn`, so that each has its turn and a broken one
    is not covered up by the next.
    """

    url: str
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    tls: Tls | None = None
    turn: int = 0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A complete answer with a status of success or 404; `date` is the server's clock, in seconds since 1970."""

    status: int
    body: bytes
    date: float | None


def send(request: Request) -> Answer:
    """Send the request and return its answer; CheckError when there is none in time, or one of failure."""
    end = time.monotonic() + request.seconds
    try:
        answer, body = _exchange(request, end)
        if time.monotonic() >= end:
            # What was cut off may look complete.
            raise TimeoutError("the answer was not complete in time")
        return _judged(request.url, answer, body)
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = time.monotonic() >= end
        raise CheckError("timeout" if late else _reason(error), f"{request.url}: {error!r}") from error


def _reason(error: Exception) -> str:
    for kind, reason in (
        (TimeoutError, "timeout"),
        (socket.gaierror, "dns"),
        (ssl.SSLError, "tls"),
        # Before OSError: a closed connection is both.
        (ConnectionError, "refused"),
        (http.client.HTTPException, "garbage"),
        (FileNotFoundError, "tls"),
        (OSError, "refused"),
    ):
        if isinstance(error, kind):
            return reason
    return "garbage"


def _exchange(request: Request, end: float) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(request.url)
    host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
    plain = _connected(host, port, request.turn, end)
    # A timeout of the socket starts anew with every byte; this one does not.
    stop = threading.Timer(max(0.0, end - time.monotonic()), _shut, [plain])
    stop.daemon = True
    stop.start()
    try:
        with _encrypted(plain, host, request.tls) if parts.scheme == "https" else plain as connection:
            client = http.client.HTTPConnection(host, port)
            client.sock = connection
            path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            client.request("GET" if request.body is None else "POST", path, request.body, dict(request.headers))
            with client.getresponse() as answer:
                return answer, answer.read(_MAX_BYTES + 1)
    finally:
        stop.cancel()
        plain.close()


def _connected(host: str, port: int, turn: int, end: float) -> socket.socket:
    found = sorted({address for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}, key=str)
    address = found[turn % len(found)]
    return socket.create_connection((str(address[0]), port), timeout=max(0.001, end - time.monotonic()))


def _encrypted(plain: socket.socket, host: str, tls: Tls | None) -> ssl.SSLSocket:
    """Return the connection by TLS; the files are read each time, because certificates are renewed."""
    context = ssl.create_default_context(cafile=tls.ca_file if tls else None)
    if tls and tls.cert_file:
        context.load_cert_chain(tls.cert_file, tls.key_file)
    return context.wrap_socket(plain, server_hostname=host)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # Closed already.
        return


def _judged(url: str, answer: http.client.HTTPResponse, body: bytes) -> Answer:
    if len(body) > _MAX_BYTES:
        raise CheckError("garbage", f"{url} answers with more than {_MAX_BYTES} bytes")
    status, shown = answer.status, body[:200].decode("utf-8", "replace")
    if status >= _SERVER_ERRORS:
        raise CheckError("status_5xx", f"{url} answers {status}: {shown}")
    if status >= _CLIENT_ERRORS and status != NOT_FOUND:
        raise CheckError("status_4xx", f"{url} answers {status}: {shown}")
    if status < _OK or _REDIRECTS <= status < _CLIENT_ERRORS:
        raise CheckError("garbage", f"{url} answers {status}")
    return Answer(status=status, body=body, date=_date(answer.getheader("Date")))


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (TypeError, ValueError, OverflowError):
        return None
