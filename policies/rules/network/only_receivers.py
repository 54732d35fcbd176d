"""Applications reach the collectors' receivers, and nothing else."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field

from policies.network.parties import Connection, Object, Pod
from policies.network.policy import INGRESS
from policies.network.selectors import MalformedError
from policies.network.witnesses import Witness, witnesses
from policies.objects import name, namespace
from policies.pods import WORKLOADS, pod_labels, pod_spec
from policies.reachability import Reachability
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation
from policies.unjudged import UnjudgedError

_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
_PROTOCOLS = ("TCP", "UDP", "SCTP")
# Stands for all ports that no container declares and no policy names.
_OTHER = 1


class ReceiverBounds(Bounds):
    """What is open to the Pods of applications."""

    workloads: tuple[str, ...] = Field(("otel-agent",), description="Workloads with receivers for applications.")
    ports: tuple[int, ...] = Field((4317, 4318), description="Ports of these receivers: OTLP over gRPC and HTTP.")
    platform_namespaces: tuple[str, ...] = Field(
        ("monitoring", "kube-system"),
        description="Namespaces without applications, from which Prometheus scrapes and Grafana queries.",
    )


def check(stack: Stack, bounds: ReceiverBounds) -> Iterator[Violation]:
    """Yield each workload that Pods of other namespaces reach at a port that is not for them."""
    policies = [_policy(each) for each in stack.of_type(_POLICY)]
    workloads = {(namespace(each), name(each)): each for each in stack.of_type(*WORKLOADS)}
    allowed = ", ".join(f"{port}" for port in bounds.ports)
    for target, ports in _reached_in([*map(_pod, workloads.values())], policies, bounds):
        yield Violation(
            workloads[target.namespace, target.name],
            f"Pods of applications reach {ports}; they may reach {allowed} of {', '.join(bounds.workloads)}.",
        )


def _reached_in(
    pods: Sequence[Object], policies: Sequence[Object], bounds: ReceiverBounds
) -> list[tuple[Pod, str]]:
    """Return what `_reached` yields; UnjudgedError if a policy has a shape that Kubernetes refuses."""
    own = {*bounds.platform_namespaces, *(pod["metadata"]["namespace"] for pod in pods)}
    try:
        applications = [each for each in witnesses(policies) if each.pod.namespace not in own]
        reach = Reachability([*pods, *policies, *(each.namespace for each in applications)])
        return list(_reached(reach, policies, applications, bounds))
    # The graph reads plain data of Kubernetes' own shapes.
    except (MalformedError, AttributeError, LookupError, TypeError, ValueError):
        raise UnjudgedError("a network policy is not one that Kubernetes accepts") from None


def _reached(
    reach: Reachability, policies: Sequence[Object], applications: Sequence[Witness], bounds: ReceiverBounds
) -> Iterator[tuple[Pod, str]]:
    """Yield each Pod of the stack that applications reach where they may not, with these ports for a sentence."""
    named = {number for policy in policies for number in _numbers(policy)}
    for target in reach.pods:
        # What no policy is about is open to all; another rule demands a policy.
        if not reach.isolating(target, INGRESS):
            continue
        numbers = {*named, *(number for number, _ in target.ports.values()), _OTHER}
        allowed = {(port, "TCP") for port in bounds.ports} if target.name in bounds.workloads else set()
        ports = {(number, protocol) for number in numbers for protocol in _PROTOCOLS} - allowed
        if found := {port for port in ports if _reaches(reach, applications, target, port)}:
            yield target, _shown(found)


def _reaches(reach: Reachability, sources: Sequence[Witness], target: Pod, port: tuple[int, str]) -> bool:
    return any(reach.allows(Connection(each.pod, target, *port)) for each in sources)


def _shown(ports: set[tuple[int, str]]) -> str:
    if any(number == _OTHER for number, _ in ports):
        return "all ports"
    return f"port {', '.join(f'{number}/{protocol}' for number, protocol in sorted(ports))}"


def _numbers(policy: Object) -> Iterator[int]:
    """Yield the ports that a policy names by number."""
    for rule in policy["spec"].get("ingress") or []:
        for port in rule.get("ports") or []:
            yield from (int(port[key]) for key in ("port", "endPort") if isinstance(port.get(key), int | float))


def _policy(policy: Resource) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name(policy), "namespace": namespace(policy)},
        "spec": {key: value.plain() for key, value in policy["spec"].fields().items()},
    }


def _pod(workload: Resource) -> dict[str, Any]:
    """Return a Pod of a workload with what matters for connections; the rest may be unknown."""
    spec = pod_spec(workload)
    containers = [{"ports": each["ports"].plain()} for each in spec["containers"].items()]
    return {
        "kind": "Pod",
        "metadata": {"name": name(workload), "namespace": namespace(workload), "labels": pod_labels(workload)},
        "spec": {"hostNetwork": spec["hostNetwork"].flag(False), "containers": containers},
    }


RULE = StackRule(
    name="applications-reach-receivers-only",
    promise="Applications can send spans, and can neither query nor disturb anything of this stack.",
    severity=Severity.HIGH,
    to_do="Name the namespace and the Pods in the policy that lets them in, and list a namespace of "
    "Prometheus or Grafana in platform_namespaces.",
    controls=("NSA C-0030", "NSA C-0054"),
    bounds=ReceiverBounds,
    check=check,
)
