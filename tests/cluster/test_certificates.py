"""Mutual TLS between real Pods, with certificates of a real cert-manager, also while it renews them."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lab.commands.up import up
from lab.node import Binaries, load
from lab.node.layout import NodeFolder
from lab.progress import Progress
from render.names import AGENT, GATEWAY, OTLP_GRPC_PORT, TEMPO, TEMPO_GRPC_PORT, service_host
from tests.cluster.tempo_api import tempo_api
from tests.cluster.traffic import send_one
from tests.support.live import LiveStack, section
from tests.support.waiting import eventually
from tests.tools.handshakes import CUT_OFF, Client, refusal, serial_of

pytestmark = pytest.mark.cluster

_ISSUER = "fawkes-tracing"
_ROLES = (AGENT, GATEWAY, TEMPO)
# The servers that show a certificate.
_SERVERS = ((GATEWAY, OTLP_GRPC_PORT), (TEMPO, OTLP_GRPC_PORT), (TEMPO, TEMPO_GRPC_PORT))
_PAUSE_SECONDS = 0.2
_RENEWED_SECONDS = 60.0


@pytest.fixture
def issuing(live: LiveStack) -> LiveStack:
    """The stack on a cluster with an issuer; a test that started the lab's node anew left it without."""
    record = live.target.node.record() if live.target.node else None
    if record:
        running = load(NodeFolder(record.folder).binaries)
        assert isinstance(running, Binaries)
        if running.cert_manager is None:
            live.forget()
            with Progress() as progress:
                up("dojo", progress, with_issuer=True)
    return live


@contextmanager
def _load(live: LiveStack) -> Iterator[list[str]]:
    """Send traces while the block runs; yield the ids of those that were accepted."""
    sent: list[str] = []
    over = threading.Event()

    def run() -> None:
        while not over.wait(_PAUSE_SECONDS):
            sent.append(send_one(live))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield sent
    finally:
        over.set()
        thread.join()


def _pod(live: LiveStack, role: str) -> Any:
    (pod,) = live.pods(role)
    return pod


def _serials(live: LiveStack) -> dict[tuple[str, int], int]:
    """Return the serial number of the certificate that each server shows."""
    return {(role, port): serial_of(_pod(live, role).status.pod_ip, port) for role, port in _SERVERS}


def _starts(live: LiveStack) -> set[tuple[str, int]]:
    """Return every Pod by its UID with the number of its restarts."""
    return {
        (pod.metadata.uid, status.restart_count) for pod in live.pods() for status in pod.status.container_statuses
    }


def _renew(live: LiveStack) -> None:
    """Delete the Secrets, which cert-manager makes again with new keys."""
    for role in _ROLES:
        live.core.delete_namespaced_secret(f"{role}-tls", live.namespace)
    eventually(lambda: all(f"{role}-tls" in live.secrets() for role in _ROLES), "cert-manager has signed anew")
    for role in _ROLES:
        # The kubelet looks at the volumes of a changed Pod at once, at those of others within a minute.
        changed = {"metadata": {"annotations": {"fawkes.test/renewed": "now"}}}
        live.core.patch_namespaced_pod(_pod(live, role).metadata.name, live.namespace, changed)


def _authority(live: LiveStack) -> bytes:
    secret = live.core.read_namespaced_secret("otel-gateway-tls", live.namespace)
    return base64.b64decode((secret.data or {})["ca.crt"])


def test_certificates_are_renewed_under_load_without_a_loss_or_a_restart(issuing: LiveStack) -> None:
    live = issuing
    live.bring(section("tls", otlp="mutual_tls", issuer={"name": _ISSUER}))
    before, first = _starts(live), _serials(live)
    assert all(first.values()), "a server shows no certificate"
    with _load(live) as sent:
        _renew(live)
        eventually(
            lambda: all(now != first[server] for server, now in _serials(live).items()),
            "every server shows its new certificate",
            _RENEWED_SECONDS,
        )
        after = len(sent)
        eventually(lambda: len(sent) > after + 5, "traces are accepted after the renewal")
    with tempo_api(live) as tempo:
        tempo.wait_for_all(sent)
    assert _starts(live) == before


def test_a_gateway_refuses_whoever_has_no_certificate(issuing: LiveStack) -> None:
    live = issuing
    live.bring(section("tls", otlp="mutual_tls", issuer={"name": _ISSUER}))
    stranger = Client(service_host(GATEWAY, live.namespace), _authority(live))
    refused = refusal(_pod(live, GATEWAY).status.pod_ip, OTLP_GRPC_PORT, stranger)
    assert refused in {"TLSV13_ALERT_CERTIFICATE_REQUIRED", CUT_OFF}
