"""The relay of tests: all bytes pass, and a pace delays them."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.tools.relay import Pace, Relay, relaying

_DELAY_SECONDS = 0.2
_BYTES = bytes(range(256)) * 400


@pytest.fixture
def echo() -> Iterator[tuple[str, int]]:
    """A server that sends back what it gets from its one client."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                while data := client.recv(4096):
                    client.sendall(data)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()
        thread.join()


def _round_trip(target: tuple[str, int], pace: Pace | None) -> tuple[bytes, float]:
    began, got = time.monotonic(), b""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        relaying(server, Relay(target, pace)),
        socket.create_connection(server.getsockname()) as client,
    ):
        client.sendall(_BYTES)
        while len(got) < len(_BYTES):
            got += client.recv(4096)
    return got, time.monotonic() - began


def test_a_relay_passes_everything_on(echo: tuple[str, int]) -> None:
    got, _ = _round_trip(echo, None)
    assert got == _BYTES


def test_a_pace_delays_each_direction_and_changes_nothing(echo: tuple[str, int]) -> None:
    got, seconds = _round_trip(echo, Pace(_DELAY_SECONDS, 10**9))
    assert got == _BYTES
    assert seconds >= 2 * _DELAY_SECONDS


def test_a_pace_limits_the_bytes_of_a_second(echo: tuple[str, int]) -> None:
    got, seconds = _round_trip(echo, Pace(0, len(_BYTES) / _DELAY_SECONDS))
    assert got == _BYTES
    assert seconds >= _DELAY_SECONDS
