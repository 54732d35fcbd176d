"""Volumes are encrypted."""

from collections.abc import Iterator

from pydantic import Field

from policies.pods import WORKLOADS, pod_template
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"


class ClaimBounds(Bounds):
    """Which StorageClasses encrypt; only the cluster knows, so the environment says it."""

    encrypted_classes: list[str] = Field([], description="Names of StorageClasses that encrypt their volumes.")
    may_use_default_class: bool = Field(
        False, description="Whether a claim may leave its class to the cluster's default, which no preview sees."
    )


def check(resource: Resource, bounds: ClaimBounds) -> Iterator[str]:
    """Yield each claim whose class is not known to encrypt."""
    for name, claim in _claims(resource):
        # An empty name is no default: it asks for a volume that exists already.
        if claim["storageClassName"].is_missing:
            if not bounds.may_use_default_class:
                yield f"{name} names no StorageClass, so nobody knows whether the cluster's default encrypts."
        elif (found := claim["storageClassName"].text()) not in bounds.encrypted_classes:
            allowed = ", ".join(bounds.encrypted_classes) or "none is listed"
            yield f"{name} uses StorageClass {found or 'of no name'}; those that encrypt: {allowed}."


def _claims(resource: Resource) -> Iterator[tuple[str, Property]]:
    """Yield the claims that a resource makes: how sentences call them, and their specs."""
    if resource.type == _CLAIM:
        yield "The claim", resource["spec"]
        return
    for template in resource["spec"]["volumeClaimTemplates"].items():
        yield f"Claim {template['metadata']['name'].text()}", template["spec"]
    for volume in pod_template(resource)["spec"]["volumes"].items():
        if not volume["ephemeral"].is_missing:
            yield f"Volume {volume['name'].text()}", volume["ephemeral"]["volumeClaimTemplate"]["spec"]


RULE = ResourceRule(
    name="claims-use-encrypted-classes",
    promise="Every volume with traces or queued spans is of a StorageClass that encrypts.",
    severity=Severity.HIGH,
    to_do="Set cluster.storage_class to a class that encrypts, and list the class in encrypted_classes of "
    "policies/config for this environment.",
    bounds=ClaimBounds,
    types=(*WORKLOADS, _CLAIM),
    check=check,
)
