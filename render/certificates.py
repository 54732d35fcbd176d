"""Certificates of the stack: their DNS names and lifetimes, and the Secrets that each process reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from render.names import AGENT, GATEWAY, SYNTHETIC_CHECK, TEMPO, TEMPO_GOSSIP, service_host, tempo_otlp_host
from render.tls import (
    APPLICATIONS_AUTHORITY,
    AUTHORITY,
    CERTIFICATE,
    GOSSIP_CERTIFICATE,
    GOSSIP_KEY,
    KEY,
    PROMETHEUS_AUTHORITY,
    gossip_is_encrypted,
)
from settings.stack import StackSettings

Role = Literal["agent", "gateway", "tempo", "tempo_gossip", "synthetic_check"]
# A stolen key is of use for three months at most, and a month is left to repair an issuer that fails.
_DAYS, _RENEW_BEFORE_DAYS = 90, 30
# A process shows the gossip certificate of its start for as long as it runs. One that started just before a
# renewal has the renewal's lead left, so the lead is longer than any process runs.
_GOSSIP_DAYS, _GOSSIP_RENEW_BEFORE_DAYS = 3650, 1825
_HOURS = 24
_NAMES = {
    "agent": AGENT,
    "gateway": GATEWAY,
    "tempo": TEMPO,
    "tempo_gossip": TEMPO_GOSSIP,
    "synthetic_check": SYNTHETIC_CHECK,
}
# The keys of a Secret of the type kubernetes.io/tls, and the one that cert-manager adds.
_OWN_FILES = 3
_CERTIFICATE_KEY, _PRIVATE_KEY, _AUTHORITY_KEY = "tls.crt", "tls.key", "ca.crt"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate that the issuer signs; `name` is that of its object, and of the workload that shows it."""

    name: str
    secret: str
    dns_names: tuple[str, ...]
    duration_hours: int
    renew_before_hours: int


@dataclass(frozen=True, kw_only=True)
class SecretFile:
    """A key of a Secret, and the name of its file in the folder of certificates."""

    secret: str
    key: str
    file: str


def certificates(settings: StackSettings) -> tuple[Certificate, ...]:
    """Return the certificates to request; none where they are given, or where everything is plaintext."""
    return () if settings.tls.issuer is None else tuple(_certificate(role, settings) for role in _roles(settings))


def secret_files(settings: StackSettings, role: Role) -> tuple[SecretFile, ...]:
    """Return the files of certificates that the processes of a role read."""
    roles, tls = set(_roles(settings)), settings.tls
    files: list[SecretFile] = []
    if role in roles:
        own = tls.secret(role)
        files += [
            _file(own, _CERTIFICATE_KEY, CERTIFICATE),
            _file(own, _PRIVATE_KEY, KEY),
            _file(tls.authority or own, _AUTHORITY_KEY, AUTHORITY),
        ]
    if role == "agent" and tls.applications_authority is not None:
        files.append(_file(tls.applications_authority, _AUTHORITY_KEY, APPLICATIONS_AUTHORITY))
    if role == "tempo" and "tempo_gossip" in roles:
        gossip = tls.secret("tempo_gossip")
        files += [
            _file(gossip, _CERTIFICATE_KEY, GOSSIP_CERTIFICATE),
            _file(gossip, _PRIVATE_KEY, GOSSIP_KEY),
        ]
    if role == "tempo" and tls.prometheus_authority is not None:
        files.append(_file(tls.prometheus_authority, _AUTHORITY_KEY, PROMETHEUS_AUTHORITY))
    return tuple(files)


def synthetic_check_files(settings: StackSettings) -> tuple[SecretFile, ...]:
    """Return the files of the synthetic check: the authority where a server shows a certificate, and its own.

    Where the Secrets are given and none is for the check, it shows the agents' certificate: to gateways it is
    what an agent is.
    """
    tls = settings.tls
    if tls.otlp == "mutual_tls":
        of_its_own = tls.secrets is None or tls.secrets.synthetic_check is not None
        return secret_files(settings, "synthetic_check" if of_its_own else "agent")[:_OWN_FILES]
    if tls.otlp == tls.applications == "plaintext":
        return ()
    return (_file(tls.authority or tls.secret("agent"), _AUTHORITY_KEY, AUTHORITY),)


def span_metrics_authority(settings: StackSettings) -> SecretFile | None:
    """Return the authority by which Prometheus verifies an agent; None where it scrapes in plaintext."""
    if settings.tls.span_metrics == "plaintext":
        return None
    return _file(settings.tls.authority or settings.tls.secret("agent"), _AUTHORITY_KEY, AUTHORITY)


def _roles(settings: StackSettings) -> Iterator[Role]:
    """Yield the roles that have a certificate."""
    if settings.tls.needs_certificates:
        yield "agent"
    if settings.tls.otlp != "plaintext":
        yield from ("gateway", "tempo")
    if gossip_is_encrypted(settings):
        yield "tempo_gossip"
    if settings.synthetic_check.enabled and settings.tls.otlp == "mutual_tls":
        yield "synthetic_check"


def _certificate(role: Role, settings: StackSettings) -> Certificate:
    hosts = {
        "agent": (AGENT,),
        "gateway": (GATEWAY,),
        # The name that its processes expect of each other, and the one that gateways send to.
        "tempo": tuple(dict.fromkeys((TEMPO, tempo_otlp_host(settings.tempo.deployment_mode)))),
        "tempo_gossip": (TEMPO,),
        # A client only.
        "synthetic_check": (SYNTHETIC_CHECK,),
    }[role]
    gossip = role == "tempo_gossip"
    return Certificate(
        name=_NAMES[role],
        secret=settings.tls.secret(role),
        dns_names=tuple(_dns_names(hosts, settings.environment.namespace)),
        duration_hours=_HOURS * (_GOSSIP_DAYS if gossip else _DAYS),
        renew_before_hours=_HOURS * (_GOSSIP_RENEW_BEFORE_DAYS if gossip else _RENEW_BEFORE_DAYS),
    )


def _dns_names(hosts: tuple[str, ...], namespace: str) -> Iterator[str]:
    """Yield the names of Services as the rendered configuration writes them, and with the usual cluster domain."""
    for host in hosts:
        yield service_host(host, namespace)
        yield f"{service_host(host, namespace)}.cluster.local"


def _file(secret: str, key: str, path: str) -> SecretFile:
    return SecretFile(secret=secret, key=key, file=PurePosixPath(path).name)
