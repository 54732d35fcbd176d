"""Clients of servers with TLS: why one is refused, and which certificate it sees."""

import http.client
import socket
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from cryptography import x509

from tests.support.authorities import Identity

CUT_OFF = "cut off"
_SECONDS = 5.0
_FIRST_SECONDS = 0.5
# What an HTTP/2 client sends first: the preface, and an empty SETTINGS frame.
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
# Length and type of the frame with which a server that goes on answers.
_SETTINGS_FRAME = 4
_FRAME_HEADER_BYTES = 9


@dataclass(frozen=True)
class Client:
    """The server's name that a client expects, the authorities that it trusts (PEM), and its own certificate."""

    server_name: str
    trusted: bytes
    identity: Identity | None = None

    @contextmanager
    def channel(self, host: str, port: int) -> Iterator[grpc.Channel]:
        """Open a channel for gRPC."""
        own = (self.identity.key, self.identity.certificate) if self.identity else (None, None)
        credentials = grpc.ssl_channel_credentials(self.trusted, *own)
        options = [("grpc.ssl_target_name_override", self.server_name)]
        with grpc.secure_channel(f"{host}:{port}", credentials, options) as channel:
            yield channel

    def post(self, host: str, port: int, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of a POST by HTTP/1.1; an OSError when the server refuses this client."""
        with (
            socket.create_connection((host, port), _SECONDS) as plain,
            _context(self, "http/1.1").wrap_socket(plain, server_hostname=self.server_name) as secure,
        ):
            connection = http.client.HTTPConnection(host, port)
            connection.sock = secure
            connection.request("POST", path, body, dict(headers))
            return connection.getresponse().status


class PlaintextClient(Client):
    """A client that knows nothing of TLS."""


def refusal(host: str, port: int, client: Client) -> str:
    """Return why a server for HTTP/2 does not serve a client; "" when it does.

    That is the alert of the server or of this client, or `CUT_OFF` where the alert was lost with the connection.
    """
    try:
        with socket.create_connection((host, port), _SECONDS) as plain:
            if isinstance(client, PlaintextClient):
                return _answer(plain)
            # With TLS 1.3 the client's part of a handshake ends before the server has seen its certificate.
            with _context(client, "h2").wrap_socket(plain, server_hostname=client.server_name) as secure:
                return _answer(secure)
    except (ssl.SSLEOFError, ConnectionResetError, BrokenPipeError):
        return CUT_OFF
    except ssl.SSLError as error:
        return str(error.reason or error)
    except OSError as error:
        return type(error).__name__


def _answer(connection: socket.socket) -> str:
    """Return "" when a server goes on; SSLError for its alert.

    Most servers speak first, to serve or to refuse. What is sent to one that refuses may discard its alert.
    """
    connection.settimeout(_FIRST_SECONDS)
    try:
        first = connection.recv(_FRAME_HEADER_BYTES)
    except TimeoutError:
        connection.settimeout(_SECONDS)
        connection.sendall(_PREFACE)
        first = connection.recv(_FRAME_HEADER_BYTES)
    if not first:
        return CUT_OFF
    return "" if len(first) > 3 and first[3] == _SETTINGS_FRAME else f"answers {first!r}"


def serial_of(host: str, port: int) -> int:
    """Return the serial number of the certificate that a server shows now; 0 while it does not answer."""
    context = ssl.create_default_context()
    # Also of a certificate that nobody trusts.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    try:
        with (
            socket.create_connection((host, port), _SECONDS) as plain,
            context.wrap_socket(plain) as secure,
        ):
            found = secure.getpeercert(binary_form=True)
    except OSError:
        return 0
    return x509.load_der_x509_certificate(found).serial_number if found else 0


def _context(client: Client, protocol: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=client.trusted.decode())
    context.set_alpn_protocols([protocol])
    if client.identity:
        # The module reads certificates only from files.
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = Path(folder, "certificate"), Path(folder, "key")
            certificate.write_bytes(client.identity.certificate)
            key.write_bytes(client.identity.key)
            context.load_cert_chain(certificate, key)
    return context
