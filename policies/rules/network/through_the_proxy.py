"""Behind the access proxy, Tempo has no other readers."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field

from policies.objects import namespace, selects
from policies.pods import WORKLOADS, containers, pod_labels
from policies.property import Property
from policies.resources import Resource, Stack
from policies.rule import Bounds, Severity, StackRule, Violation

_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
_NAME = "app.kubernetes.io/name"


class ReaderBounds(Bounds):
    """Who may reach Tempo's HTTP port when the proxy is there."""

    proxy: str = Field(
        "access-proxy", description="Name label of the proxy's Pods; without them nothing is asked."
    )
    port: int = Field(3200, description="Tempo's HTTP port, where it answers queries of any tenant.")
    own_readers: tuple[str, ...] = Field(
        ("access-proxy", "tracing-check"),
        description="Name labels of the stack's Pods that may: the proxy, and the check that reads what it wrote.",
    )
    other_readers: tuple[str, ...] = Field(
        ("prometheus",),
        description="Name labels of Pods of other namespaces that may: Prometheus scrapes the same port.",
    )


def check(stack: Stack, bounds: ReaderBounds) -> Iterator[Violation]:
    """Yield each policy that lets somebody else in; addresses are judged by another rule, by their size."""
    workloads = stack.of_type(*WORKLOADS)
    if not any(pod_labels(each).get(_NAME) == bounds.proxy for each in workloads):
        return
    servers = [each for each in workloads if _listens(each, bounds.port)]
    for policy in stack.of_type(_POLICY):
        if not any(_is_about(policy, server) for server in servers):
            continue
        for rule in policy["spec"]["ingress"].items():
            if _opens(rule, bounds.port) and (strangers := _strangers(rule["from"], bounds)):
                yield Violation(
                    policy,
                    f"It lets {', '.join(strangers)} reach port {bounds.port} of Tempo, past the access proxy; "
                    f"allowed are Pods named {', '.join((*bounds.own_readers, *bounds.other_readers))}.",
                )


def _listens(workload: Resource, port: int) -> bool:
    declared = [each["containerPort"] for one in containers(workload) for each in one["ports"].items()]
    return any(each.number() == port for each in declared)


def _is_about(policy: Resource, workload: Resource) -> bool:
    return namespace(policy) == namespace(workload) and selects(
        policy["spec"]["podSelector"], pod_labels(workload)
    )


def _opens(rule: Property, wanted: int) -> bool:
    """Return whether a rule is about the port; one by its name counts, because Pods choose what it means."""
    ports = rule["ports"].items()
    return not ports or any(_is(each, wanted) for each in ports)


def _is(port: Property, wanted: int) -> bool:
    if port["port"].is_missing or isinstance(port["port"].value, str):
        return True
    first = port["port"].number()
    return first <= wanted <= port["endPort"].number(first)


def _strangers(peers: Property, bounds: ReaderBounds) -> list[str]:
    if not peers.items():
        return ["everybody"]
    found = []
    for peer in peers.items():
        if not peer["ipBlock"].is_missing:
            continue
        own = peer["namespaceSelector"].is_missing
        names, allowed = _names(peer["podSelector"].plain()), bounds.own_readers if own else bounds.other_readers
        if names is None:
            found.append(f"every Pod of {'its namespace' if own else 'other namespaces'}")
        elif others := sorted(names - {*allowed}):
            found.append(f"Pods named {' and '.join(others)}")
    return found


def _names(selector: Any) -> set[str] | None:  # noqa: ANN401 - plain data of a label selector
    """Return the name labels that a selector of Pods asks for; None if it does not ask for any."""
    exact = ((selector or {}).get("matchLabels") or {}).get(_NAME)
    if exact is not None:
        return {exact}
    for each in (selector or {}).get("matchExpressions") or []:
        if each.get("key") == _NAME and each.get("operator") == "In":
            return {*each["values"]}
    return None


RULE = StackRule(
    name="tempo-is-read-through-the-proxy",
    promise="With the access proxy, nobody reads traces of a tenant but by a token whose groups may.",
    severity=Severity.HIGH,
    to_do="Remove the policy or its peer; Grafana reads Tempo through the proxy (docs/access.md).",
    controls=("NSA C-0030", "NSA C-0054"),
    bounds=ReaderBounds,
    check=check,
)
