"""Transport security between applications, collectors, Tempo and Prometheus."""

from types import MappingProxyType
from typing import Literal

from pydantic import Field

from settings.base import DnsSubdomain, Section

Transport = Literal["plaintext", "tls", "mutual_tls"]
# The API group of cert-manager's own issuers.
CERT_MANAGER = "cert-manager.io"
# The Secrets that cert-manager writes, by the roles of `GivenSecrets`.
ISSUED_SECRETS = MappingProxyType(
    {
        "agent": "otel-agent-tls",
        "gateway": "otel-gateway-tls",
        "tempo": "tempo-tls",
        "tempo_gossip": "tempo-gossip-tls",
        "synthetic_check": "tracing-check-tls",
    }
)


class Issuer(Section):
    """The cert-manager issuer that signs the certificates.

    With `mutual_tls` whoever holds a certificate of its authority may send: let it sign for this stack alone.
    """

    name: DnsSubdomain = Field(description="The issuer's name.")
    kind: Literal["ClusterIssuer", "Issuer"] = Field(
        default="ClusterIssuer",
        description="`Issuer` is one in the stack's namespace, which the program creates: add it afterwards.",
    )
    group: DnsSubdomain = Field(
        default=CERT_MANAGER,
        description="The issuer's API group; another one for issuers that are not part of cert-manager.",
    )


class GivenSecrets(Section):
    """Secrets in the stack's namespace that hold certificates from elsewhere.

    Each has `tls.crt`, `tls.key` and, unless `tls.authority` is set, `ca.crt`. docs/tls.md lists the DNS names
    that the certificates need.
    """

    agent: DnsSubdomain = Field(description="The Secret of the agents.")
    gateway: DnsSubdomain = Field(description="The Secret of the gateways.")
    tempo: DnsSubdomain = Field(description="The Secret of every process of Tempo.")
    synthetic_check: DnsSubdomain | None = Field(
        default=None,
        description="The Secret of the synthetic check, a client of gateways with `otlp: mutual_tls`. Without it "
        "the check shows the agents' certificate.",
    )
    tempo_gossip: DnsSubdomain | None = Field(
        default=None,
        description="The Secret for the gossip between Tempo's processes in microservices mode. A process reads "
        "it only at its start and must restart before the certificate expires. Without it gossip is plaintext.",
    )


class Tls(Section):
    """Transport security between applications, collectors, Tempo and Prometheus."""

    otlp: Transport = Field(
        description="Agent to gateway, gateway to Tempo, and between Tempo's processes. With `tls` the servers "
        "show certificates, with `mutual_tls` the clients do, too. Use `plaintext` only on networks that carry "
        "the namespace's own traffic alone. docs/tls.md has the order in which to turn it on."
    )
    applications: Transport = Field(
        default="plaintext",
        description="Application to agent, which never leaves the node. A change affects every application: each "
        "needs an https endpoint and the authority's certificate, and with `mutual_tls` a certificate of its own.",
    )
    span_metrics: Literal["plaintext", "tls"] = Field(
        default="plaintext",
        description="Prometheus to the agents' span metrics, which name services and routes. No `mutual_tls`: a "
        "certificate of the authority for Prometheus would open gateways and Tempo.",
    )
    issuer: Issuer | None = Field(
        default=None,
        description="The cert-manager issuer that signs the certificates. Required, unless `secrets` are given or "
        "everything is plaintext.",
    )
    secrets: GivenSecrets | None = Field(
        default=None, description="Certificates that do not come from cert-manager; in place of `issuer`."
    )
    authority: DnsSubdomain | None = Field(
        default=None,
        description="Secret in the stack's namespace whose `ca.crt` holds the certificates of all trusted "
        "authorities. For issuers that write no `ca.crt`, and to change the authority: without it each process "
        "trusts the `ca.crt` beside its own certificate.",
    )
    applications_authority: DnsSubdomain | None = Field(
        default=None,
        description="Secret in the stack's namespace whose `ca.crt` verifies the applications' certificates; "
        "required with `applications: mutual_tls`. Not the collectors' authority: its certificates open gateways "
        "and Tempo.",
    )
    prometheus_authority: DnsSubdomain | None = Field(
        default=None,
        description="Secret in the stack's namespace whose `ca.crt` verifies the Prometheus that receives Tempo's "
        "span metrics. Without it the public authorities of the image do.",
    )
    prometheus_client_certificate: bool = Field(
        default=False, description="Whether Tempo shows that Prometheus its own certificate."
    )

    @property
    def needs_certificates(self) -> bool:
        """Whether any process of the stack has a certificate."""
        return {self.otlp, self.applications, self.span_metrics} != {"plaintext"}

    def secret(self, role: str) -> str:
        """Return the Secret of a role, which is given or made by the issuer."""
        given: str | None = getattr(self.secrets, role, None)
        return given or ISSUED_SECRETS[role]
