"""What agents do besides sending spans: they compress, and both sides show a certificate.

The sender leaves both out of long runs, because compressing takes more CPU than the rest of it.
"""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from bench.gateway.documents import Document
from lab.errors import LabError

_NAME = "gateway"
_SECONDS = 60.0


@dataclass(frozen=True)
class Credentials:
    """One certificate for authority, gateway and sender alike: what matters here is what encryption takes."""

    certificate: Path
    key: Path

    def demanded(self, document: Document) -> Document:
        """Return a placed document whose gRPC receivers demand the certificate, as prod's do."""
        for receiver in document["receivers"].values():
            if grpc_protocol := (receiver or {}).get("protocols", {}).get("grpc"):
                grpc_protocol["tls"] = {
                    "cert_file": str(self.certificate),
                    "key_file": str(self.key),
                    "client_ca_file": str(self.certificate),
                    "min_version": "1.3",
                }
        return document

    def channel(self, target: str) -> grpc.Channel:
        """Return a connection that shows the certificate and compresses, as an agent's does."""
        certificate = self.certificate.read_bytes()
        shown = grpc.ssl_channel_credentials(certificate, self.key.read_bytes(), certificate)
        options: Any = (("grpc.ssl_target_name_override", _NAME),)
        return grpc.secure_channel(target, shown, options, compression=grpc.Compression.Gzip)


@contextlib.contextmanager
def credentials() -> Iterator[Credentials]:
    """Make a certificate for a day, and delete it after the block; LabError without openssl."""
    with tempfile.TemporaryDirectory() as folder:
        found = Credentials(Path(folder) / "tls.crt", Path(folder) / "tls.key")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(found.key))
        whose = ("-subj", f"/CN={_NAME}", "-addext", f"subjectAltName=DNS:{_NAME}")
        command = ["openssl", "req", "-x509", *key, "-out", str(found.certificate), "-days", "1", *whose]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            raise LabError(f"openssl made no certificate: {error}.", "Install the package openssl.") from error
        yield found
