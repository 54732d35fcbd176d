"""Namespaces enforce the restricted profile."""

from collections.abc import Iterator

from policies.objects import labels
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_LABEL = "pod-security.kubernetes.io/enforce"


def check(namespace: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield a namespace into which the API server lets less restricted Pods."""
    found = labels(namespace["metadata"])
    profile = found.get(_LABEL, "no profile")
    version = found.get(f"{_LABEL}-version", "latest")
    if profile != "restricted":
        yield f"The namespace enforces {profile}; only restricted is allowed."
    elif version != "latest":
        yield f"The namespace enforces the restricted profile of {version}, which may lack later restrictions."


RULE = ResourceRule(
    name="namespaces-enforce-restricted",
    promise="The API server itself refuses Pods outside the restricted profile, whoever creates them.",
    severity=Severity.HIGH,
    to_do=f"Set the label {_LABEL} to restricted.",
    controls=("CIS Kubernetes 1.12 5.2.1",),
    types=("kubernetes:core/v1:Namespace",),
    check=check,
)
