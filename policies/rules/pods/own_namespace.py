"""Objects live in a namespace of their own."""

from collections.abc import Iterator

from pydantic import Field

from policies.objects import namespace
from policies.pods import WORKLOADS
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class NamespaceBounds(Bounds):
    """Which namespaces others use."""

    shared: tuple[str, ...] = Field(
        ("default", "kube-system", "kube-public", "kube-node-lease"),
        description="Namespaces in which others' policies and rights hold.",
    )


def check(object_: Resource, bounds: NamespaceBounds) -> Iterator[str]:
    """Yield an object in a shared namespace, or in whichever the kubeconfig names."""
    found = namespace(object_)
    if not found:
        yield "The object names no namespace, so the kubeconfig chooses."
    elif found in bounds.shared:
        yield f"The object is in the namespace {found}, which is shared with others."


RULE = ResourceRule(
    name="objects-have-own-namespace",
    promise="Every object is in a namespace of the platform, where its policies hold.",
    severity=Severity.MEDIUM,
    to_do="Set metadata.namespace to the stack's namespace.",
    controls=("CIS Kubernetes 1.12 5.6.1", "CIS Kubernetes 1.12 5.6.4"),
    bounds=NamespaceBounds,
    types=(
        *WORKLOADS,
        "kubernetes:core/v1:ConfigMap",
        "kubernetes:core/v1:PersistentVolumeClaim",
        "kubernetes:core/v1:Secret",
        "kubernetes:core/v1:Service",
        "kubernetes:core/v1:ServiceAccount",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "kubernetes:policy/v1:PodDisruptionBudget",
    ),
    check=check,
)
