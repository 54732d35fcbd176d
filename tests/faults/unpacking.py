"""Requests that are within an agent's limit and take far more memory than that once they are decoded."""

import gzip
import secrets
from collections.abc import Callable, Mapping

from plan.delivery import AGENT_MAX_MESSAGE_MIB
from plan.units import MIB
from tests.faults.requests import CUT_OFF, PROTOBUF, Hostile, post
from tests.tools.spans import failed_trace

# Room for the rest of a request.
_REST_BYTES = 1000
# Seven bits of a number are in each byte.
_VARINT = 128
# Numbers of the fields of OTLP and of its values.
_SPANS, _ATTRIBUTES, _EVENTS, _VALUE, _ARRAY, _VALUES = 2, 9, 11, 2, 5, 1


def unpacking() -> Hostile:
    """Return 8 kB that unpack to a failed span with four million empty attributes, 8 MiB and so not too large."""
    packed = gzip.compress(made_of("attributes", AGENT_MAX_MESSAGE_MIB * MIB))
    return Hostile(
        "a request that unpacks", lambda host: post(host, packed, PROTOBUF, "gzip"), frozenset({CUT_OFF})
    )


def made_of(parts: str, size: int) -> bytes:
    """Return a request of at most `size` bytes that is made of one of `PARTS`, beside one failed span."""
    span = (
        failed_trace(secrets.token_bytes(16), 1, 10).resource_spans[0].scope_spans[0].spans[0].SerializeToString()
    )
    in_span, beside = PARTS[parts](size - _REST_BYTES)
    return _field(1, _field(2, _field(_SPANS, span + in_span) + beside))


def _empty(number: int, size: int) -> bytes:
    return _field(number, b"") * (size // 2)


def _nested(size: int) -> bytes:
    """Return an attribute whose value is a list in a list, and so on."""
    headers, length = [], 0
    while length < size:
        for number in (_VALUES, _ARRAY):
            header = _header(number, length)
            headers.append(header)
            length += len(header)
    return _field(_ATTRIBUTES, _field(_VALUE, b"".join(reversed(headers))))


# What is in the span, and what beside it.
PARTS: Mapping[str, Callable[[int], tuple[bytes, bytes]]] = {
    "attributes": lambda size: (_empty(_ATTRIBUTES, size), b""),
    "events": lambda size: (_empty(_EVENTS, size), b""),
    "spans": lambda size: (b"", _empty(_SPANS, size)),
    "lists in lists": lambda size: (_nested(size), b""),
}


def _field(number: int, content: bytes) -> bytes:
    """Return a field of protobuf that holds bytes."""
    return _header(number, len(content)) + content


def _header(number: int, size: int) -> bytes:
    length = b""
    while size >= _VARINT:
        length, size = length + bytes([size % _VARINT + _VARINT]), size // _VARINT
    return bytes([number << 3 | 2]) + length + bytes([size])
