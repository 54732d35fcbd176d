"""Requests that no SDK sends, each with the answers that an agent may give."""

import gzip
import http.client
import json
import secrets
import socket
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import grpc

from plan.delivery import AGENT_MAX_MESSAGE_MIB
from plan.units import MIB
from render.names import OTLP_GRPC_PORT, OTLP_HTTP_PORT
from tests.tools.flood import METHOD
from tests.tools.spans import failed_trace

_SECONDS = 30.0
_PATH = "/v1/traces"
PROTOBUF, _JSON, _TEXT = "application/x-protobuf", "application/json", "text/plain"
_CHUNK_BYTES = 2**20
# What a sender gets whose connection is closed before it has sent everything.
CUT_OFF = "cut off"
HUGE_BYTES = 100 * 10**6
# Unpacked it is twenty times what an agent takes.
_ZEROS_BYTES = 20 * AGENT_MAX_MESSAGE_MIB * MIB


@dataclass(frozen=True)
class Hostile:
    """A request by its name; `send` takes the agent's host and returns the answer, one of `answers`."""

    name: str
    send: Callable[[str], str]
    answers: frozenset[str]


def malformed() -> tuple[Hostile, ...]:
    """Return requests that cannot be decoded, and some that unpack to more than an agent takes."""
    good = failed_trace(secrets.token_bytes(16), 1, 100).SerializeToString()
    garbage, cut = secrets.token_bytes(4096), good[:-7]
    # A field of the wrong kind: the first is a message, not a number.
    wrong_kind = b"\x08\x01"
    nonsense = json.dumps({"resourceSpans": [{"scopeSpans": "none"}]}).encode()
    undecodable, no_decode = {"400"}, {"INTERNAL", "INVALID_ARGUMENT"}
    # The agent answers when it has unpacked too much, and ends the connection, on which the rest may be under way.
    unpacked = frozenset({*undecodable, CUT_OFF})
    return (
        _by_grpc("garbage by gRPC", garbage, no_decode),
        _by_grpc("a truncated request by gRPC", cut, no_decode),
        _by_grpc("a field of the wrong kind by gRPC", wrong_kind, no_decode),
        Hostile(
            "garbage instead of HTTP/2", lambda host: raw(host, OTLP_GRPC_PORT, garbage), frozenset({CUT_OFF})
        ),
        _by_http("garbage by HTTP", garbage, PROTOBUF, undecodable),
        _by_http("a truncated request by HTTP", cut, PROTOBUF, undecodable),
        _by_http("JSON that ends too early", b'{"resourceSpans": [', _JSON, undecodable),
        _by_http("JSON of another kind", nonsense, _JSON, undecodable),
        _by_http("protobuf as text", good, _TEXT, {"415"}),
        _by_http("no gzip by that name", garbage, PROTOBUF, undecodable, "gzip"),
        _by_http("an unknown encoding", good, PROTOBUF, undecodable, "none-such"),
        Hostile("zeros packed by gzip", lambda host: _post_zeros(host, "gzip"), unpacked),
        Hostile("zeros packed by deflate", lambda host: _post_zeros(host, "deflate"), unpacked),
        Hostile(
            "zeros packed by gRPC's gzip",
            lambda host: export(host, bytes(_ZEROS_BYTES), grpc.Compression.Gzip),
            frozenset({"RESOURCE_EXHAUSTED"}),
        ),
    )


def huge() -> tuple[Hostile, ...]:
    """Return requests of 100 MB: by gRPC, and by HTTP with and without a length."""
    return (
        Hostile(
            "100 MB by gRPC",
            lambda host: export(host, bytes(HUGE_BYTES)),
            frozenset({"RESOURCE_EXHAUSTED", "UNAVAILABLE"}),
        ),
        Hostile("100 MB by HTTP", lambda host: _post_pieces(host, chunked=False), frozenset({"400", CUT_OFF})),
        Hostile("100 MB in chunks", lambda host: _post_pieces(host, chunked=True), frozenset({"400", CUT_OFF})),
    )


def export(host: str, body: bytes, packed: grpc.Compression = grpc.Compression.NoCompression) -> str:
    """Send bytes as a request by gRPC; return the name of the answer's status."""
    options = [("grpc.max_send_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(f"{host}:{OTLP_GRPC_PORT}", options) as channel:
        try:
            call: Any = channel.unary_unary(METHOD)
            call(body, timeout=_SECONDS, compression=packed)
        except grpc.RpcError as error:
            return str(error.code().name)
    return "OK"


def post(host: str, body: bytes, kind: str, encoding: str = "") -> str:
    """Send a request by HTTP; return the status, or `CUT_OFF`."""
    return _posted(host, body, {"Content-Type": kind, **({"Content-Encoding": encoding} if encoding else {})})


def _posted(host: str, body: bytes | Iterator[bytes], headers: Mapping[str, str]) -> str:
    """Send a body as a whole, or piece by piece; in chunks if these have no length among the headers."""
    connection = http.client.HTTPConnection(host, OTLP_HTTP_PORT, timeout=_SECONDS)
    chunked = not isinstance(body, bytes) and "Content-Length" not in headers
    try:
        connection.request("POST", _PATH, body, headers, encode_chunked=chunked)
        return str(connection.getresponse().status)
    except (ConnectionError, http.client.HTTPException):
        return CUT_OFF
    finally:
        connection.close()


def raw(host: str, port: int, content: bytes) -> str:
    """Send bytes to a port, and read until the server ends the connection; TimeoutError if it never does."""
    with socket.create_connection((host, port), _SECONDS) as connection:
        try:
            connection.sendall(content)
            while connection.recv(4096):
                pass
        except ConnectionError:
            pass
    return CUT_OFF


def _by_grpc(name: str, body: bytes, answers: set[str]) -> Hostile:
    return Hostile(name, lambda host: export(host, body), frozenset(answers))


def _by_http(name: str, body: bytes, kind: str, answers: set[str], encoding: str = "") -> Hostile:
    return Hostile(name, lambda host: post(host, body, kind, encoding), frozenset(answers))


def _post_zeros(host: str, encoding: str) -> str:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    return post(host, pack(bytes(_ZEROS_BYTES), 1), PROTOBUF, encoding)


def _post_pieces(host: str, *, chunked: bool) -> str:
    """Send zeros by HTTP piece by piece, so that the sender needs no 100 MB either."""
    length = {} if chunked else {"Content-Length": str(HUGE_BYTES)}
    return _posted(host, _pieces(), {"Content-Type": PROTOBUF, **length})


def _pieces() -> Iterator[bytes]:
    for begin in range(0, HUGE_BYTES, _CHUNK_BYTES):
        yield bytes(min(_CHUNK_BYTES, HUGE_BYTES - begin))
