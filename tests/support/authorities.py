"""Certificate authorities, what they sign, and folders that change as a mounted Secret does."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALID = dt.timedelta(hours=1)
# A machine's clock may be behind that of the one that signed.
_SKEW = dt.timedelta(minutes=5)
# As cert-manager sets them for the usages of the stack's certificates.
_SERVER_AND_CLIENT = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])


@dataclass(frozen=True)
class Identity:
    """A certificate and its private key, in PEM."""

    certificate: bytes
    key: bytes

    @cached_property
    def serial(self) -> int:
        """The certificate's serial number, which tells it from the one before."""
        return x509.load_pem_x509_certificate(self.certificate).serial_number


@dataclass(frozen=True)
class Authority:
    """A certificate authority; `certificate` is in PEM."""

    certificate: bytes
    _key: ec.EllipticCurvePrivateKey

    @classmethod
    def named(cls, name: str) -> Self:
        """Make an authority that signs itself; another call with this name makes another authority."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        unsigned = _valid_now(subject, subject, key.public_key())
        unsigned = unsigned.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        ).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return cls(_pem(unsigned.sign(key, hashes.SHA256())), key)

    def issue(self, dns_names: Sequence[str], valid: dt.timedelta = _VALID) -> Identity:
        """Return a new certificate with a new key, as a server and as a client; `valid` from now on."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.load_pem_x509_certificate(self.certificate).subject
        names = x509.SubjectAlternativeName([x509.DNSName(name) for name in dns_names])
        unsigned = _valid_now(x509.Name([]), issuer, key.public_key(), valid)
        # By the key's identifier a client tells two authorities of one name apart.
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        for extension, critical in ((names, True), (_SERVER_AND_CLIENT, False), (signer, False)):
            unsigned = unsigned.add_extension(extension, critical)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return Identity(_pem(unsigned.sign(self._key, hashes.SHA256())), private)


def _valid_now(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, valid: dt.timedelta = _VALID
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=public_key,
        serial_number=x509.random_serial_number(),
        not_valid_before=now - _SKEW,
        not_valid_after=now + valid,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


class SecretFolder:
    """A folder as the kubelet mounts a Secret: each name is a link through `..data`, which a change replaces."""

    def __init__(self, path: Path, files: Mapping[str, bytes]) -> None:
        """Create the folder with its first files."""
        self.path, self._versions = path, itertools.count()
        path.mkdir()
        self.update(files)
        for name in files:
            (path / name).symlink_to(Path("..data", name))

    def update(self, files: Mapping[str, bytes]) -> None:
        """Replace all files at once; their names must be those of before."""
        old = list(self.path.glob("..version-*"))
        version = self.path / f"..version-{next(self._versions)}"
        version.mkdir()
        for name, content in files.items():
            (version / name).write_bytes(content)
        link = self.path / "..data_tmp"
        link.symlink_to(version.name)
        link.rename(self.path / "..data")
        for folder in old:
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
