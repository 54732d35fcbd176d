"""Certificates and authorities are replaced under load: nothing is lost, and no process restarts."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from render.names import AGENT, GATEWAY, OTLP_GRPC_PORT, TEMPO
from tests.cluster.traffic import RUN, SPANS_PER_TRACE, Trace, whole
from tests.support.authorities import Authority
from tests.support.waiting import eventually
from tests.tools.handshakes import refusal, serial_of
from tests.tools.tls_chain import ADDRESS, TEMPO_OWN_GRPC, Chain, chain

pytestmark = pytest.mark.tools

_PER_SECOND = 20
# Rendered is a reload every 10 s; a machine that also compiles takes several times what an idle one does.
_SEND_SECONDS = 30.0
_RELOADED_SECONDS = 60.0
_FOUND_SECONDS = 120.0
_RUN = "rotation"
# Every server that shows a certificate.
_SERVERS = {
    "the agent": (AGENT, ADDRESS[AGENT], OTLP_GRPC_PORT),
    "the gateway": (GATEWAY, ADDRESS[GATEWAY], OTLP_GRPC_PORT),
    "Tempo's receiver": (TEMPO, ADDRESS[TEMPO], OTLP_GRPC_PORT),
    "Tempo's own gRPC": TEMPO_OWN_GRPC,
}


@dataclass
class _Load:
    """Traces that were accepted, and how often a trace was not at the first try."""

    sent: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, running: Chain) -> None:
        """Send traces until the end, each from an application that connects anew."""
        while not self.over.is_set():
            trace = Trace(secrets.token_bytes(16), "failed")
            try:
                with running.application().channel(ADDRESS[AGENT], OTLP_GRPC_PORT) as channel:
                    stub = TraceServiceStub(channel)  # type: ignore[no-untyped-call]
                    stub.Export(whole([trace], _RUN), timeout=_SEND_SECONDS)
                self.sent.add(trace.id.hex())
            except Exception as error:  # noqa: BLE001 - a thread's end would otherwise go unseen
                self.failures.append(repr(error))
            time.sleep(1 / _PER_SECOND)


@contextmanager
def _load(running: Chain) -> Iterator[_Load]:
    """Send traces while the block runs."""
    load = _Load()
    thread = threading.Thread(target=load.run, args=(running,))
    thread.start()
    try:
        yield load
    finally:
        load.over.set()
        thread.join()


def _reconnect(running: Chain) -> None:
    """Make agent and gateway connect anew, now with the certificates that they have."""
    for role, relay in running.relays.items():
        # The last cut may have been a moment ago.
        eventually(relay.cut, f"something is connected to {role}")


def _all_shown(running: Chain) -> bool:
    return all(serial_of(host, port) == running.shown[role].serial for role, host, port in _SERVERS.values())


def _renew(running: Chain, authority: Authority) -> None:
    """Give every role a new certificate, wait until all servers show theirs, and make all clients connect anew."""
    for role in ADDRESS:
        running.show(role, authority)
    eventually(lambda: _all_shown(running), "every server shows its new certificate", _RELOADED_SECONDS)
    _reconnect(running)


def _found(running: Chain, wanted: int) -> dict[str, int]:
    """Return the number of spans that Tempo has of each trace, once it has as many as wanted."""
    with running.api() as tempo:

        def found() -> dict[str, int]:
            answer = tempo.search(f'{{ span.{RUN} = "{_RUN}" }}', limit=2 * wanted, spans=2 * SPANS_PER_TRACE)
            return {trace: sum(one["matched"] for one in each["spanSets"]) for trace, each in answer.items()}

        return eventually(lambda: got if len(got := found()) >= wanted else {}, "Tempo has all", _FOUND_SECONDS)


def test_certificates_and_their_authority_are_replaced_under_load_without_a_loss_or_a_restart(
    tmp_path: Path,
) -> None:
    """The order of an exchange: trust both authorities, let the new one sign, forget the old one."""
    new = Authority.named("collectors")
    with chain(tmp_path, new) as running:
        with _load(running) as load:
            old, first = running.authority, running.shown[AGENT]
            _renew(running, old)
            _renew(running, new)
            running.trusted = new.certificate
            for role in ADDRESS:
                running.show(role, new)
            servers = ("the gateway", "Tempo's receiver")
            for name in servers:
                role, host, port = _SERVERS[name]
                former = running.client(role, first)
                check = partial(refusal, host, port, former)
                eventually(check, f"{name} forgets the old authority", _RELOADED_SECONDS)
            _reconnect(running)
            time.sleep(2)
        # The last trace is sent only now that the block has been left.
        found = _found(running, len(load.sent))
    assert load.failures == []
    assert set(found) == load.sent
    # A request that is cut off is sent again, and may be stored twice.
    assert min(found.values()) == SPANS_PER_TRACE
