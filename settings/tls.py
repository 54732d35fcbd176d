"""How OTLP is protected on its way."""

from typing import Literal

from pydantic import Field

from settings.base import DnsLabel, Section


class Tls(Section):
    """Transport security between applications, collectors and Tempo."""

    otlp: Literal["plaintext", "tls", "mutual_tls"] = Field(
        description="`plaintext` only where nothing but the namespace's own traffic passes."
    )
    cluster_issuer: DnsLabel | None = Field(
        default=None,
        description="cert-manager ClusterIssuer that signs the certificates; not for `plaintext`.",
    )
