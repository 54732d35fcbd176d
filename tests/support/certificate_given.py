"""A given Certificate of cert-manager."""

from typing import Any

from policies.certificates import CERTIFICATE
from tests.support.policy_engine import Given


def certificate(**changes: Any) -> Given:
    """Return the Certificate `gateway` in the namespace `tracing`, with fields of its `spec` changed."""
    spec = {
        "secretName": "gateway-tls",
        "issuerRef": {"name": "tracing", "kind": "ClusterIssuer"},
        "dnsNames": ["gateway.tracing.svc", "gateway.tracing.svc.cluster.local"],
        "duration": "2160h",
        "renewBefore": "720h",
        "privateKey": {"rotationPolicy": "Always"},
    }
    inputs = {"metadata": {"name": "gateway", "namespace": "tracing"}, "spec": spec | changes}
    return Given(CERTIFICATE, "gateway", inputs)
