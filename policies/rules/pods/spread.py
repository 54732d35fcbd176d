"""Replicas run on several nodes."""

from collections.abc import Iterator

from pydantic import Field

from policies.objects import selects
from policies.pods import pod_labels, pod_spec, replicas
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_AFFINITY = "DuringSchedulingIgnoredDuringExecution"
_NAME = "app.kubernetes.io/name"


class SpreadBounds(Bounds):
    """Over what replicas are spread."""

    topology_keys: tuple[str, ...] = Field(
        ("kubernetes.io/hostname",),
        description="Labels of nodes: replicas run on nodes that differ in each of them.",
    )


def check(workload: Resource, bounds: SpreadBounds) -> Iterator[str]:
    """Yield a workload of several replicas that may all run at one place."""
    # Without a number an autoscaler decides.
    if replicas(workload) in (0, 1):
        return
    labels = pod_labels(workload)
    # Two workloads with copies of the same traces are kept apart from each other: all labels but the name agree.
    others = labels | {_NAME: ""}
    spread = {
        rule["topologyKey"].text()
        for rule in _rules(workload)
        if selects(rule["labelSelector"], labels) or selects(rule["labelSelector"], others)
    }
    if missing := [key for key in bounds.topology_keys if key not in spread]:
        yield f"All replicas may run on nodes with the same {' and the same '.join(missing)}."


def _rules(workload: Resource) -> Iterator[Property]:
    """Yield what keeps Pods apart, with a `topologyKey` and a `labelSelector` each."""
    spec = pod_spec(workload)
    yield from spec["topologySpreadConstraints"].items()
    anti = spec["affinity"]["podAntiAffinity"]
    yield from anti[f"required{_AFFINITY}"].items()
    yield from (each["podAffinityTerm"] for each in anti[f"preferred{_AFFINITY}"].items())


RULE = ResourceRule(
    name="pods-spread-over-nodes",
    promise="No single node, or zone where required, takes all replicas of a server with it.",
    severity=Severity.MEDIUM,
    to_do="Add a topologySpreadConstraint or a podAntiAffinity that selects the workload's own Pods.",
    bounds=SpreadBounds,
    types=("kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"),
    check=check,
)
