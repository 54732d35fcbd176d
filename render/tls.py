"""TLS between the parts of the stack."""

from render.text import Config


def otlp_client_tls() -> Config:
    """Return the `tls` section of an exporter: OTLP is plaintext inside the cluster."""
    return {"insecure": True}
