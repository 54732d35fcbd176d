"""Pods of other namespaces that stand for all whom network policies let in."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from policies.network.parties import Object, Pod

# The API server adds it to every namespace.
_NAME_LABEL = "kubernetes.io/metadata.name"
# Of a namespace that no selector asks for by its name; not a name that Kubernetes accepts, so nobody has it.
_NAMELESS = "(any other)"


class Witness(NamedTuple):
    """A Pod, and the namespace that it is in."""

    pod: Pod
    namespace: Object


def witnesses(policies: Iterable[Object]) -> Iterator[Witness]:
    """Yield Pods of namespaces: one without labels in one without labels, and some for each peer of ingress.

    If a peer lets anybody of another namespace in, it lets one of its witnesses in: they have the labels that it
    asks for, one for each combination of the values that its selector of namespaces lists.
    """
    yield _witness(0, {}, {})
    peers = (
        peer
        for policy in policies
        for rule in policy["spec"].get("ingress") or []
        for peer in rule.get("from") or []
        if peer.get("namespaceSelector") is not None
    )
    for number, peer in enumerate(peers, 1):
        pod = next(_labelled(peer.get("podSelector") or {}), {})
        yield from (_witness(number, labels, pod) for labels in _labelled(peer["namespaceSelector"]))


def _witness(number: int, labels: Mapping[str, str], of_pod: Mapping[str, str]) -> Witness:
    name = labels.get(_NAME_LABEL) or f"{_NAMELESS} {number} {dict(labels)}"
    pod = Pod(namespace=name, name=f"application {number}", labels=of_pod)
    return Witness(pod, {"kind": "Namespace", "metadata": {"name": name, "labels": labels}})


def _labelled(selector: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the smallest sets of labels that meet a selector, one for each combination of the values it lists."""
    conditions = selector.get("matchExpressions") or []
    listed = [
        [(each["key"], value) for value in each.get("values") or []]
        for each in conditions
        if each["operator"] == "In"
    ]
    present = {each["key"]: "" for each in conditions if each["operator"] == "Exists"}
    for values in product(*listed):
        yield {**present, **(selector.get("matchLabels") or {}), **dict(values)}
