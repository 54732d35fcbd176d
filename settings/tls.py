"""Transport security of OTLP."""

from typing import Literal

from pydantic import Field

from settings.base import DnsLabel, Section


class Tls(Section):
    """Transport security between applications, collectors and Tempo."""

    otlp: Literal["plaintext", "tls", "mutual_tls"] = Field(
        description="Encryption of OTLP. Use `plaintext` only on networks that carry the namespace's own traffic "
        "alone. This release supports `plaintext` only and warns of the others."
    )
    cluster_issuer: DnsLabel | None = Field(
        default=None,
        description="cert-manager ClusterIssuer that signs the certificates; required unless `otlp` is "
        "`plaintext`, refused with it.",
    )
