"""Certificates that end while spans flow, and certificates that are renewed then, on a stack with mutual TLS."""

import base64
import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from kubernetes import client

from render.names import AGENT, GATEWAY, OTLP_GRPC_PORT, TEMPO, TEMPO_GRPC_PORT, service_host
from tests.faults.cases.dns import reset_connections
from tests.faults.cases.killed import LATE
from tests.faults.fault import Fault
from tests.support.authorities import Authority, Identity
from tests.support.live import LiveStack, section
from tests.support.waiting import eventually
from tests.tools.handshakes import serial_of

# Secrets that the stack is told of (`tls.secrets`), so that no issuer renews what has to end.
_SECRETS: Mapping[str, str] = {role: f"given-{role}-tls" for role in (AGENT, GATEWAY, TEMPO)}
OVERLAY = section(
    "tls",
    otlp="mutual_tls",
    secrets={"agent": _SECRETS[AGENT], "gateway": _SECRETS[GATEWAY], "tempo": _SECRETS[TEMPO]},
)
# The servers that show a certificate.
_SERVERS = {GATEWAY: (OTLP_GRPC_PORT,), TEMPO: (OTLP_GRPC_PORT, TEMPO_GRPC_PORT)}
_USUAL = dt.timedelta(hours=3)
# The kubelet mounts the Secret within seconds, and the gateway reads it again within 10 s; then some spans flow.
_SHORT = dt.timedelta(seconds=60)
_SHOWN_SECONDS = 90.0


@contextmanager
def given(stack: LiveStack) -> Iterator[None]:
    """Keep a Secret with a certificate for each role, before the stack is told of them."""
    for role in _SECRETS:
        _give(stack, role)
    try:
        yield
    finally:
        for name in _SECRETS.values():
            stack.core.delete_namespaced_secret(name, stack.namespace)


@contextmanager
def expired(stack: LiveStack) -> Iterator[None]:
    """Let the gateway's certificate end, by which it serves agents and is a client of Tempo; renew it at last.

    Connections outlive their certificates, so those between the Pods are reset.
    """
    try:
        ends = time.monotonic() + _SHORT.total_seconds()
        _show(stack, GATEWAY, _SHORT)
        # TLS counts whole seconds.
        time.sleep(max(0.0, ends - time.monotonic()) + 1)
        reset_connections()
        yield
    finally:
        _show(stack, GATEWAY, _USUAL)


@contextmanager
def renewed(stack: LiveStack) -> Iterator[None]:
    """Give every role a new certificate, and end the connections so that the new ones are used."""
    for role in _SECRETS:
        _show(stack, role, _USUAL)
    reset_connections()
    yield


@cache
def _authority() -> Authority:
    return Authority.named("fawkes-tracing")


def _give(stack: LiveStack, role: str, valid: dt.timedelta = _USUAL) -> Identity:
    """Write a new certificate into the Secret of a role."""
    host = service_host(role, stack.namespace)
    identity = _authority().issue([host, f"{host}.cluster.local"], valid)
    files = {"tls.crt": identity.certificate, "tls.key": identity.key, "ca.crt": _authority().certificate}
    body = client.V1Secret(
        metadata=client.V1ObjectMeta(name=_SECRETS[role]),
        type="kubernetes.io/tls",
        data={name: base64.b64encode(content).decode() for name, content in files.items()},
    )
    if _SECRETS[role] in stack.secrets():
        stack.core.replace_namespaced_secret(_SECRETS[role], stack.namespace, body)
    else:
        stack.core.create_namespaced_secret(stack.namespace, body)
    return identity


def _show(stack: LiveStack, role: str, valid: dt.timedelta) -> None:
    """Give a role a new certificate, and wait until its servers show it."""
    identity = _give(stack, role, valid)
    (pod,) = stack.pods(role)
    # The kubelet looks at the volumes of a changed Pod at once, at those of others within a minute.
    changed = {"metadata": {"annotations": {"fawkes.test/certificate": str(identity.serial)}}}
    stack.core.patch_namespaced_pod(pod.metadata.name, stack.namespace, changed)
    address = pod.status.pod_ip
    eventually(
        lambda: all(serial_of(address, port) == identity.serial for port in _SERVERS.get(role, ())),
        f"{role} shows its new certificate",
        _SHOWN_SECONDS,
    )


FAULTS = (
    Fault(
        name="certificate expired",
        what="The gateway's certificate ends while spans flow, and its connections to agents and Tempo are reset; "
        "after a minute a new certificate comes.",
        prepared=given,
        overlay=OVERLAY,
        block=expired,
        seconds=60,
        settle_seconds=180,
        losses=(LATE,),
        alerts=frozenset({"TracingAgentDeliveryFailing"}),
    ),
    Fault(
        name="certificates renewed",
        what="Agent, gateway and Tempo get new certificates with new keys, and every connection between them is "
        "reset.",
        prepared=given,
        overlay=OVERLAY,
        block=renewed,
        seconds=15,
        settle_seconds=120,
    ),
)
