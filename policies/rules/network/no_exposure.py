"""Nothing is exposed outside the cluster."""

from collections.abc import Iterator

from policies.objects import kind
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_SERVICE = "kubernetes:core/v1:Service"


def check(resource: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield a Service that has an address outside the cluster, and anything else that gives it one."""
    if resource.type != _SERVICE:
        yield f"A {kind(resource)} exposes the stack outside the cluster."
        return
    spec = resource["spec"]
    if (type_ := spec["type"].text("ClusterIP")) != "ClusterIP":
        yield f"The Service is of the type {type_}; only ClusterIP is allowed."
    if addresses := spec["externalIPs"].texts():
        yield f"The Service takes the external addresses {', '.join(addresses)}."


RULE = ResourceRule(
    name="services-stay-inside",
    promise="Nobody outside the cluster can send to or query this stack.",
    severity=Severity.CRITICAL,
    to_do="Remove it; Grafana and applications are in the cluster, and people use a port-forward.",
    controls=("NSA C-0054",),
    types=(
        _SERVICE,
        "kubernetes:*:Ingress",
        "kubernetes:gateway.networking.k8s.io/*",
        "kubernetes:networking.istio.io/*:Gateway",
        "kubernetes:networking.istio.io/*:VirtualService",
        "kubernetes:route.openshift.io/*:Route",
    ),
    check=check,
)
