"""TLS between the parts of the stack: the only place that writes a `tls` section.

Every process finds its certificate, its key and the trusted authorities in one folder. `render/certificates.py`
says which Secrets they come from.
"""

from render.names import TEMPO, service_host
from render.text import Config
from settings.stack import StackSettings
from settings.tls import Transport

# The one folder of all files below, which Kubernetes updates when a Secret changes.
TLS_FOLDER = "/etc/tls"
CERTIFICATE, KEY, AUTHORITY = (f"{TLS_FOLDER}/{name}" for name in ("tls.crt", "tls.key", "ca.crt"))
APPLICATIONS_AUTHORITY = f"{TLS_FOLDER}/applications-ca.crt"
PROMETHEUS_AUTHORITY = f"{TLS_FOLDER}/prometheus-ca.crt"
GOSSIP_CERTIFICATE, GOSSIP_KEY = f"{TLS_FOLDER}/gossip.crt", f"{TLS_FOLDER}/gossip.key"
# Both ends of each connection in the stack are ours, and know 1.3. Applications and Prometheus may have older
# libraries.
_MIN_VERSION, _FOREIGN_MIN_VERSION = "1.3", "1.2"
# Go's name of it, which dskit uses.
_TEMPO_MIN_VERSION = "VersionTLS13"
# How old a certificate in memory may be at a handshake before the file is read again. The kubelet takes up to two
# minutes to update it, and cert-manager renews weeks before the end: this adds nothing to either.
_RELOAD_INTERVAL = "10s"


def otlp_server_tls(settings: StackSettings) -> Config:
    """Return the `tls` section of an OTLP receiver in gateways and Tempo, in a mapping; empty for plaintext."""
    return _server(settings.tls.otlp, _MIN_VERSION, AUTHORITY)


def application_server_tls(settings: StackSettings) -> Config:
    """Return the same for the agent's receiver, whose clients are applications with an authority of their own."""
    return _server(settings.tls.applications, _FOREIGN_MIN_VERSION, APPLICATIONS_AUTHORITY)


def otlp_client_tls(settings: StackSettings, server_name: str) -> Config:
    """Return the `tls` section of an OTLP exporter.

    `server_name` is the DNS name that the server's certificate must have. The agent connects to the addresses
    of Pods, which are in no certificate.
    """
    if settings.tls.otlp == "plaintext":
        return {"insecure": True}
    section: Config = {"ca_file": AUTHORITY, "server_name_override": server_name, "min_version": _MIN_VERSION}
    if settings.tls.otlp == "mutual_tls":
        section |= _certificate() | {"reload_interval": _RELOAD_INTERVAL}
    return section


def tempo_server_tls(settings: StackSettings) -> Config:
    """Return the part of Tempo's `server` section that encrypts gRPC; empty for plaintext.

    HTTP stays plaintext: the kubelet's probes, Prometheus, Grafana and the API server's proxy share its port.
    dskit reads the certificate again at every handshake, and the authorities once.
    """
    if settings.tls.otlp == "plaintext":
        return {}
    grpc = _certificate()
    if settings.tls.otlp == "mutual_tls":
        grpc |= {"client_ca_file": AUTHORITY, "client_auth_type": "RequireAndVerifyClientCert"}
    return {"tls_min_version": _TEMPO_MIN_VERSION, "grpc_tls_config": grpc}


def tempo_client_tls(settings: StackSettings) -> Config:
    """Return the `grpc_client_config` section of a client inside Tempo, in a mapping; empty for plaintext."""
    if settings.tls.otlp == "plaintext":
        return {}
    mutual = settings.tls.otlp == "mutual_tls"
    return {"grpc_client_config": _tempo_client(settings, (CERTIFICATE, KEY) if mutual else None)}


def gossip_tls(settings: StackSettings) -> Config:
    """Return the part of the `memberlist` section that encrypts it; empty for plaintext.

    A member is server and client. As a server it shows the certificate of its start for ever, and asks for none:
    dskit has no settings for that (kv/memberlist/tcp_transport.go).
    """
    if not gossip_is_encrypted(settings):
        return {}
    return _tempo_client(settings, (GOSSIP_CERTIFICATE, GOSSIP_KEY))


def gossip_is_encrypted(settings: StackSettings) -> bool:
    """Return whether there is gossip, and a certificate for it."""
    tls = settings.tls
    if tls.otlp == "plaintext" or settings.tempo.deployment_mode == "monolithic":
        return False
    return tls.secrets is None or tls.secrets.tempo_gossip is not None


def span_metrics_server_tls(settings: StackSettings) -> Config:
    """Return the `tls` section of the agents' port of span metrics, in a mapping; empty for plaintext."""
    return _server(settings.tls.span_metrics, _FOREIGN_MIN_VERSION, "")


def prometheus_tls(settings: StackSettings) -> Config:
    """Return the `tls_config` section of remote write, in a mapping; Prometheus' client reloads these files."""
    config: Config = {}
    if settings.tls.prometheus_authority is not None:
        config["ca_file"] = PROMETHEUS_AUTHORITY
    if settings.tls.prometheus_client_certificate:
        config |= _certificate()
    return {"tls_config": config} if config else {}


def _server(transport: Transport, min_version: str, clients: str) -> Config:
    if transport == "plaintext":
        return {}
    section: Config = {**_certificate(), "min_version": min_version, "reload_interval": _RELOAD_INTERVAL}
    if transport == "mutual_tls":
        section |= {"client_ca_file": clients, "client_ca_file_reload": True}
    return {"tls": section}


def _certificate() -> Config:
    return {"cert_file": CERTIFICATE, "key_file": KEY}


def _tempo_client(settings: StackSettings, certificate: tuple[str, str] | None) -> Config:
    """Return a client that expects one name of all processes: it knows only the addresses of their Pods."""
    config: Config = {
        "tls_enabled": True,
        "tls_ca_path": AUTHORITY,
        "tls_server_name": service_host(TEMPO, settings.environment.namespace),
        "tls_min_version": _TEMPO_MIN_VERSION,
    }
    if certificate is not None:
        config["tls_cert_path"], config["tls_key_path"] = certificate
    return config
