"""With mutual TLS every hop refuses clients that cannot show a certificate of the right authority."""

import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.limits import checked_plan
from render.files import render
from render.names import (
    AGENT,
    GATEWAY,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
    SYNTHETIC_CHECK,
    TEMPO,
    TEMPO_HTTP_PORT,
)
from render.synthetic_check import CONFIG_FILE
from render.tls import TLS_FOLDER
from synthetic.config import Tls, load
from synthetic.tempo import write
from synthetic.trace import SPANS, trace_of
from synthetic.web import CheckError
from tests.cluster.tempo_api import spans_in
from tests.cluster.traffic import Trace, whole
from tests.support.authorities import Authority
from tests.support.waiting import eventually
from tests.tools.handshakes import CUT_OFF, Client, PlaintextClient, refusal, serial_of
from tests.tools.tls_chain import ADDRESS, TEMPO_OWN_GRPC, Chain, chain

pytestmark = pytest.mark.tools

_FOUND_SECONDS = 120.0
_SEND_SECONDS = 10.0
_SPANS = 4
_OTHER_NAME = "somebody-else.example"
# Role, address and port of each server of the chain.
_HOPS = {
    "application to agent by gRPC": (AGENT, ADDRESS[AGENT], OTLP_GRPC_PORT),
    "application to agent by HTTP": (AGENT, ADDRESS[AGENT], OTLP_HTTP_PORT),
    "agent to gateway": (GATEWAY, ADDRESS[GATEWAY], OTLP_GRPC_PORT),
    "to a gateway by HTTP": (GATEWAY, ADDRESS[GATEWAY], OTLP_HTTP_PORT),
    "gateway to Tempo": (TEMPO, ADDRESS[TEMPO], OTLP_GRPC_PORT),
    "to Tempo's receiver by HTTP": (TEMPO, ADDRESS[TEMPO], OTLP_HTTP_PORT),
    "between parts of Tempo": TEMPO_OWN_GRPC,
}
hops = pytest.mark.parametrize("hop", _HOPS)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """Run the three processes once."""
    with chain(tmp_path_factory.mktemp("chain")) as made:
        yield made


def _send(running: Chain, role: str, shown: str = "") -> str:
    """Send a trace to the agent or, as an agent does, to the gateway; return its id.

    The client expects the role's own name of the server, or the one that it is `shown`.
    """
    trace = Trace(secrets.token_bytes(16), "failed")
    identity = _of(running, role).issue(["shop.example"])
    client = Client(shown or running.host(role), running.trusted, identity)
    with client.channel(ADDRESS[role], OTLP_GRPC_PORT) as channel:
        stub = TraceServiceStub(channel)  # type: ignore[no-untyped-call]
        stub.Export(whole([trace], "tls"), timeout=_SEND_SECONDS, wait_for_ready=True)
    return trace.id.hex()


def _is_found(running: Chain, trace_id: str, spans: int = _SPANS) -> bool:
    with running.api() as tempo:
        found = tempo.trace(trace_id)
    return found is not None and len(spans_in(found)) == spans


def _of(running: Chain, role: str) -> Authority:
    """Return the authority whose certificates open a server."""
    return running.applications if role == AGENT else running.authority


def test_a_trace_reaches_tempo_where_every_hop_demands_a_certificate(running: Chain) -> None:
    trace_id = _send(running, AGENT)
    eventually(lambda: _is_found(running, trace_id), "Tempo has the trace", _FOUND_SECONDS)


@hops
def test_a_client_with_a_certificate_of_the_right_authority_is_served(running: Chain, hop: str) -> None:
    """This shows that the refusals below are no accident of the test's own client."""
    role, host, port = _HOPS[hop]
    assert refusal(host, port, running.client(role, _of(running, role).issue(["anybody.example"]))) == ""


@hops
def test_a_client_without_a_certificate_is_refused(running: Chain, hop: str) -> None:
    role, host, port = _HOPS[hop]
    assert refusal(host, port, running.client(role, None)) in {"TLSV13_ALERT_CERTIFICATE_REQUIRED", CUT_OFF}


@hops
def test_a_client_with_a_certificate_of_another_authority_is_refused(running: Chain, hop: str) -> None:
    """Even of one with the same name, and of the other authority of this stack."""
    role, host, port = _HOPS[hop]
    other = running.authority if role == AGENT else running.applications
    for authority in (Authority.named("collectors"), Authority.named("applications"), other):
        client = running.client(role, authority.issue(["otel-gateway.fawkes-observability.svc"]))
        assert refusal(host, port, client) in {"TLSV1_ALERT_UNKNOWN_CA", CUT_OFF}


@hops
def test_a_client_without_tls_is_refused(running: Chain, hop: str) -> None:
    role, host, port = _HOPS[hop]
    assert refusal(host, port, PlaintextClient(running.host(role), b""))


@hops
def test_a_client_refuses_a_server_of_another_name(running: Chain, hop: str) -> None:
    """The certificate has the names of its role alone."""
    role, host, port = _HOPS[hop]
    trusting = Client("prometheus.monitoring.svc", running.trusted, _of(running, role).issue(["anybody.example"]))
    assert refusal(host, port, trusting) == "CERTIFICATE_VERIFY_FAILED"


def test_spans_wait_while_servers_show_another_name_and_arrive_when_it_is_right(running: Chain) -> None:
    """A wrong certificate is an outage of its hop, not a loss."""
    servers, senders = (GATEWAY, TEMPO), (AGENT, GATEWAY)
    for role in servers:
        running.show(role, running.authority, (_OTHER_NAME,))
    eventually(lambda: all(_shows(running, role) for role in servers), "they show the wrong name", _FOUND_SECONDS)
    for role in servers:
        running.relays[role].cut()
    # One waits in the agent, the other in the gateway.
    sent = [_send(running, AGENT), _send(running, GATEWAY, _OTHER_NAME)]
    eventually(
        lambda: all(f"certificate is valid for {_OTHER_NAME}" in _log(running, one) for one in senders),
        "both senders say why they send nothing",
        _FOUND_SECONDS,
    )
    assert not any(_is_found(running, trace_id) for trace_id in sent)
    for role in servers:
        running.show(role, running.authority)
    eventually(lambda: all(_is_found(running, one) for one in sent), "Tempo has both traces", _FOUND_SECONDS)


def _shows(running: Chain, role: str) -> bool:
    return serial_of(ADDRESS[role], OTLP_GRPC_PORT) == running.shown[role].serial


def _log(running: Chain, name: str) -> str:
    return running.running.log(name).read_text(encoding="utf-8")


@pytest.mark.usefixtures("running")
def test_tempos_http_port_is_no_way_around_the_certificates() -> None:
    """It has no TLS. Where Tempo streams over HTTP, it answers every gRPC method there."""
    with grpc.insecure_channel(f"{ADDRESS[TEMPO]}:{TEMPO_HTTP_PORT}") as channel:
        check: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/grpc.health.v1.Health/Check")
        with pytest.raises(grpc.RpcError) as refused:
            check(b"", timeout=_SEND_SECONDS)
    assert refused.value.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNIMPLEMENTED}


def test_the_synthetic_check_is_let_in_with_its_own_certificate_alone(
    running: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rendered way leads to a gateway; only the folder of files and the name's address differ."""
    running.show(SYNTHETIC_CHECK, running.authority)
    folder = running.folders[SYNTHETIC_CHECK].path
    file = running.running.folder / "check.json"
    rendered = render(running.settings, checked_plan(running.settings)).synthetic_check[CONFIG_FILE]
    file.write_text(rendered.replace(TLS_FOLDER, str(folder)), encoding="utf-8")
    config = load(file)
    (way,) = config.ways
    assert way.tls is not None
    found = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest, **more: found(
            ADDRESS[GATEWAY] if host == running.host(GATEWAY) else host, *rest, **more
        ),
    )
    trace = trace_of("tls", way.name, way.tenant, 1, time.time())
    write(config, way, trace, 0)
    eventually(lambda: _is_found(running, trace.id, SPANS), "the check's trace is found", _FOUND_SECONDS)
    for files, reason in ((Tls(ca_file=way.tls.ca_file), "tls"), (replace(way.tls, ca_file="/nowhere"), "tls")):
        with pytest.raises(CheckError) as caught:
            write(config, replace(way, tls=files), trace, 0)
        assert caught.value.reason == reason
