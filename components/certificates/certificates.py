"""The certificates that cert-manager keeps in Secrets."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta import v1 as meta

from components.context import Context
from components.kubernetes.labels import labels
from components.stack import Stack
from render.certificates import Certificate, certificates
from settings.tls import Issuer

# ECDSA, because each handshake costs a small part of RSA's.
_PRIVATE_KEY = {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"}
# A gateway, and each process of Tempo, is server and client.
_USAGES = ("digital signature", "server auth", "client auth")


@dataclass(frozen=True, kw_only=True)
class CertificatesArgs:
    """The certificates, and the issuer that signs them."""

    context: Context
    certificates: Sequence[Certificate]
    issuer: Issuer


class Certificates(pulumi.ComponentResource):
    """One Certificate for each role; cert-manager writes its Secret, and renews it with a new key.

    The Secrets outlive the Certificates, as cert-manager's default is. Pods wait for their Secret.
    """

    def __init__(self, name: str, args: CertificatesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the Certificates."""
        super().__init__("fawkes:tracing:Certificates", name, None, opts)
        self._args = args
        for certificate in args.certificates:
            CustomResource(
                f"{name}-{certificate.name}",
                api_version="cert-manager.io/v1",
                kind="Certificate",
                metadata=self._metadata(certificate),
                spec=self._spec(certificate),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})

    def _metadata(self, certificate: Certificate) -> meta.ObjectMetaArgs:
        context = self._args.context
        return meta.ObjectMetaArgs(
            name=certificate.name,
            namespace=context.namespace,
            labels=labels(context.environment, certificate.name),
        )

    def _spec(self, certificate: Certificate) -> dict[str, object]:
        issuer = self._args.issuer
        return {
            "secretName": certificate.secret,
            "issuerRef": {"name": issuer.name, "kind": issuer.kind, "group": issuer.group},
            "dnsNames": list(certificate.dns_names),
            "duration": f"{certificate.duration_hours}h",
            "renewBefore": f"{certificate.renew_before_hours}h",
            "privateKey": dict(_PRIVATE_KEY),
            "usages": list(_USAGES),
        }


def stack_certificates(name: str, stack: Stack) -> Sequence[Certificates]:
    """Create the certificates of a stack; none where they are given, or where everything is plaintext."""
    issuer = stack.settings.tls.issuer
    if issuer is None:
        return ()
    args = CertificatesArgs(context=stack.context, certificates=certificates(stack.settings), issuer=issuer)
    return (Certificates(name, args, stack.options()),)
