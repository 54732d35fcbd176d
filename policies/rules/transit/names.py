"""Certificates are for this stack's own names."""

from collections.abc import Iterator

from policies.certificates import CERTIFICATE
from policies.objects import namespace
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# Everything else that a certificate can name, and the power to sign others.
_OTHER_NAMES = ("commonName", "emailAddresses", "ipAddresses", "otherNames", "uris", "literalSubject")


def check(certificate: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each name that is not a Service's of the namespace, a missing issuer, and the power to sign."""
    spec, own = certificate["spec"], namespace(certificate)
    for name in spec["dnsNames"].texts():
        service, _, rest = name.partition(".")
        if service == "*" or rest not in {f"{own}.svc", f"{own}.svc.cluster.local"}:
            yield f"It names {name}, which is no Service of the namespace {own}."
    for field in _OTHER_NAMES:
        if not spec[field].is_missing:
            yield f"It has {field}; allowed are DNS names of Services."
    if spec["isCA"].flag(False):
        yield "isCA is true, so whoever reads its Secret may sign certificates."
    if spec["issuerRef"]["name"].text("") == "":
        yield "issuerRef names no issuer."


RULE = ResourceRule(
    name="certificates-name-own-services",
    promise="A certificate of the stack proves the names of the stack's own Services, and nothing else.",
    severity=Severity.HIGH,
    to_do="List Services as <name>.<namespace>.svc, and name the issuer.",
    types=(CERTIFICATE,),
    check=check,
)
