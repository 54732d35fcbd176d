"""The issuer that signs the stack's certificates is there and ready."""

from collections.abc import Iterator

from ready.facts import Facts, known
from ready.finding import Finding, met, not_met, not_seen
from ready.needs import Needs
from settings.tls import CERT_MANAGER

_REQUIREMENT = "issuer of certificates"


def check(needs: Needs, facts: Facts) -> Iterator[Finding]:
    """Yield whether cert-manager knows the issuer that the settings name, and calls it ready."""
    issuer = needs.settings.tls.issuer
    if issuer is None:
        return
    name = f"{issuer.kind} {issuer.name}"
    if issuer.group != CERT_MANAGER:
        # Other groups have versions of their own.
        yield not_seen(_REQUIREMENT, f"{name} of {issuer.group} is not one of cert-manager's own")
        return
    if issuer.kind == "Issuer" and known(facts.cluster.namespace) is None:
        yield not_seen(_REQUIREMENT, f"{name} belongs into {needs.namespace}, which does not exist yet")
        return
    state = known(facts.cluster.certificate_issuer)
    if state is None:
        fix = "Install cert-manager, create the issuer (docs/tls.md), or correct tls.issuer."
        yield not_met(_REQUIREMENT, f"{name} does not exist, so no Pod would start.", fix)
    elif state:
        fix = f"Look at it: kubectl describe {issuer.kind.lower()} {issuer.name}"
        yield not_met(_REQUIREMENT, f"{name} is not ready: {state}.", fix)
    else:
        yield met(_REQUIREMENT, f"{name} is ready.")
