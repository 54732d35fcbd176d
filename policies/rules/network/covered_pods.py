"""Network policies are about every Pod, in both directions."""

from collections.abc import Iterator

from policies.objects import name, namespace, selects
from policies.pods import WORKLOADS, pod_labels
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation

_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
_DIRECTIONS = ("Ingress", "Egress")


def check(stack: Stack, _bounds: Bounds) -> Iterator[Violation]:
    """Yield each workload without a policy in a direction, and each namespace without a default."""
    policies = stack.of_type(_POLICY)
    workloads = stack.of_type(*WORKLOADS)
    for workload in workloads:
        covered = {way for each in policies if _is_about(each, workload) for way in _directions(each)}
        if open_ways := [way.lower() for way in _DIRECTIONS if way not in covered]:
            yield Violation(workload, f"No network policy is about its {' or '.join(open_ways)}.")
    denied = {namespace(each) for each in policies if _denies_by_default(each)}
    for place in sorted({namespace(each) for each in workloads} - denied):
        own = [each for each in stack.of_type("kubernetes:core/v1:Namespace") if name(each) == place]
        yield Violation(
            own[0] if own else None,
            f"The namespace {place} has no policy that denies all connections of Pods that others do not select.",
        )


def _is_about(policy: Resource, workload: Resource) -> bool:
    return namespace(policy) == namespace(workload) and selects(
        policy["spec"]["podSelector"], pod_labels(workload)
    )


def _directions(policy: Resource) -> list[str]:
    """Return the directions that a policy restricts; without `policyTypes` egress only if it has rules for it."""
    spec = policy["spec"]
    implied = [*_DIRECTIONS] if spec["egress"].items() else ["Ingress"]
    return spec["policyTypes"].texts() or implied


def _denies_by_default(policy: Resource) -> bool:
    spec = policy["spec"]
    is_for_all = not spec["podSelector"].plain()
    has_rules = bool(spec["ingress"].items() or spec["egress"].items())
    return is_for_all and not has_rules and {*_directions(policy)} == {*_DIRECTIONS}


RULE = StackRule(
    name="pods-have-network-policies",
    promise="No Pod of the stack's namespace connects or is connected to unless a policy says so.",
    severity=Severity.HIGH,
    to_do="Add a NetworkPolicy for ingress and egress, and one that denies both for all Pods of the namespace.",
    controls=("CIS Kubernetes 1.12 5.3.2", "CIS EKS 1.8 4.3.2", "NSA C-0030"),
    check=check,
)
