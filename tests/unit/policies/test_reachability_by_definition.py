"""The reachability of random clusters, compared with a second definition that counts out every permission."""

import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policies.network.parties import Connection, Outside
from policies.reachability import Reachability

NAMESPACES = ("a", "b")
KEYS, VALUES = ("x", "y"), ("1", "2")
PORTS = (1, 2, 3)
PROTOCOLS = ("TCP", "UDP")
ADDRESSES = ("10.0.0.1", "10.0.1.1")
BLOCKS = {"10.0.0.0/24": {"10.0.0.1"}, "10.0.0.0/16": {*ADDRESSES}, "10.9.0.0/16": set()}

LABELS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES))
CONDITIONS = st.builds(
    lambda key, operator, values: (
        {"key": key, "operator": operator} | ({"values": values} if operator.endswith("In") else {})
    ),
    st.sampled_from(KEYS),
    st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=2),
)
SELECTORS = st.fixed_dictionaries(
    {}, optional={"matchLabels": LABELS, "matchExpressions": st.lists(CONDITIONS, max_size=2)}
)
PEERS = st.one_of(
    st.fixed_dictionaries({"podSelector": SELECTORS}, optional={"namespaceSelector": SELECTORS}),
    st.fixed_dictionaries({"namespaceSelector": SELECTORS}),
    st.builds(
        lambda cidr, excepted: {"ipBlock": {"cidr": cidr, "except": excepted}},
        st.sampled_from(sorted(BLOCKS)),
        st.lists(st.just("10.0.0.0/24"), max_size=1),
    ),
)
WANTED_PORTS = st.one_of(
    st.fixed_dictionaries({}, optional={"protocol": st.sampled_from(PROTOCOLS)}),
    st.fixed_dictionaries(
        {"port": st.sampled_from([1, 2])}, optional={"protocol": st.sampled_from(PROTOCOLS), "endPort": st.just(2)}
    ),
    st.fixed_dictionaries({"port": st.just("named")}, optional={"protocol": st.sampled_from(PROTOCOLS)}),
)
RULES = {
    direction: st.lists(
        st.fixed_dictionaries(
            {}, optional={peers: st.lists(PEERS, max_size=2), "ports": st.lists(WANTED_PORTS, max_size=2)}
        ),
        max_size=2,
    )
    for direction, peers in (("ingress", "from"), ("egress", "to"))
}
POLICIES = st.builds(
    lambda namespace, spec: {
        "kind": "NetworkPolicy",
        "apiVersion": "networking.k8s.io/v1",
        "metadata": {"name": "p", "namespace": namespace},
        "spec": spec,
    },
    st.sampled_from(NAMESPACES),
    st.fixed_dictionaries(
        {"podSelector": SELECTORS},
        optional={
            "policyTypes": st.lists(st.sampled_from(["Ingress", "Egress"]), unique=True),
            **RULES,
        },
    ),
)
PODS = st.builds(
    lambda namespace, labels, named: {
        "kind": "Pod",
        "metadata": {"namespace": namespace, "labels": labels},
        "spec": {"containers": [{"ports": [{"name": "named", "containerPort": named}] if named else []}]},
    },
    st.sampled_from(NAMESPACES),
    LABELS,
    st.sampled_from([0, *PORTS]),
)


def selected(selector: dict[str, Any] | None, labels: dict[str, str]) -> bool:
    """Return whether the labels are among all that the selector allows, which are counted out."""
    selector = selector or {}
    worlds = [
        {key: value for key, value in zip(KEYS, values, strict=True) if value is not None}
        for values in itertools.product((None, *VALUES), repeat=len(KEYS))
    ]
    for key, value in selector.get("matchLabels", {}).items():
        worlds = [world for world in worlds if (key, value) in world.items()]
    for condition in selector.get("matchExpressions", []):
        having = [world for world in worlds if condition["key"] in world]
        among = [world for world in having if world[condition["key"]] in condition.get("values", ())]
        kept = {"Exists": having, "In": among}.get(condition["operator"])
        dropped = {"DoesNotExist": having, "NotIn": among}.get(condition["operator"])
        worlds = [
            world for world in worlds if (world in kept if kept is not None else world not in (dropped or []))
        ]
    return {key: labels[key] for key in KEYS if key in labels} in worlds


def ports_meant(rule: dict[str, Any], target: dict[str, Any] | None) -> set[tuple[int, str]]:
    """Return every port that a rule opens on a target; an address has no named ports."""
    if not rule.get("ports"):
        return {*itertools.product(PORTS, PROTOCOLS)}
    meant: set[tuple[int, str]] = set()
    for wanted in rule["ports"]:
        protocol = wanted.get("protocol", "TCP")
        if "port" not in wanted:
            numbers = [*PORTS]
        elif wanted["port"] == "named":
            declared = target["spec"]["containers"][0]["ports"] if target else []
            numbers = [one["containerPort"] for one in declared if protocol == "TCP"]
        else:
            numbers = [*range(wanted["port"], wanted.get("endPort", wanted["port"]) + 1)]
        meant |= {(number, protocol) for number in numbers}
    return meant


def peers_meant(peers: list[dict[str, Any]], here: str, ends: list[Any], labels: dict[str, Any]) -> list[int]:
    """Return the numbers of the ends that a rule is about; an end is a Pod or an address."""
    if not peers:
        return [*range(len(ends))]
    meant = []
    for number, end in enumerate(ends):
        for peer in peers:
            if "ipBlock" in peer:
                block = peer["ipBlock"]
                inside = BLOCKS[block["cidr"]] - set().union(*(BLOCKS[one] for one in block["except"]))
                found = isinstance(end, str) and end in inside
            elif isinstance(end, str):
                found = False
            else:
                there = end["metadata"]["namespace"]
                of = (
                    selected(peer["namespaceSelector"], labels[there])
                    if "namespaceSelector" in peer
                    else there == here
                )
                found = of and selected(peer.get("podSelector"), end["metadata"]["labels"])
            if found:
                meant.append(number)
    return meant


def permitted(
    policies: list[Any], ends: list[Any], labels: dict[str, Any], direction: str
) -> set[tuple[int, ...]]:
    """Return what one direction permits: numbers of source and target, port and number of the protocol."""
    everything = itertools.product(range(len(ends)), range(len(ends)), PORTS, range(len(PROTOCOLS)))
    own, of_peers = (1, "from") if direction == "ingress" else (0, "to")
    isolated: set[int] = set()
    opened: set[tuple[int, ...]] = set()
    for policy in policies:
        spec, here = policy["spec"], policy["metadata"]["namespace"]
        types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
        if direction.capitalize() not in types:
            continue
        about = {
            number
            for number, end in enumerate(ends)
            if not isinstance(end, str)
            and end["metadata"]["namespace"] == here
            and selected(spec["podSelector"], end["metadata"]["labels"])
        }
        isolated |= about
        for rule in spec.get(direction, []):
            for one, other in itertools.product(about, peers_meant(rule.get(of_peers, []), here, ends, labels)):
                source, target = (other, one) if direction == "ingress" else (one, other)
                end = None if isinstance(ends[target], str) else ends[target]
                opened |= {
                    (source, target, number, PROTOCOLS.index(protocol))
                    for number, protocol in ports_meant(rule, end)
                }
    return {each for each in everything if each[own] not in isolated or each in opened}


def clusters() -> st.SearchStrategy[tuple[Any, ...]]:
    """Return Pods, policies and the labels of both namespaces."""
    return st.tuples(
        st.lists(PODS, min_size=1, max_size=3), st.lists(POLICIES, max_size=3), st.tuples(LABELS, LABELS)
    )


@given(clusters())
def test_both_definitions_agree_on_every_connection(cluster: tuple[Any, ...]) -> None:
    pods, policies, of_namespaces = cluster
    labels = dict(zip(NAMESPACES, of_namespaces, strict=True))
    namespaces = [{"kind": "Namespace", "metadata": {"name": name, "labels": labels[name]}} for name in NAMESPACES]
    ends = [*pods, *ADDRESSES]
    expected = permitted(policies, ends, labels, "ingress") & permitted(policies, ends, labels, "egress")
    reach = Reachability([*pods, *policies, *namespaces])
    parties = [*reach.pods, *(Outside(address=address) for address in ADDRESSES)]
    assert set(connections(reach, parties)) == expected


def connections(reach: Reachability, parties: list[Any]) -> Iterator[tuple[int, ...]]:
    """Yield what the module allows, in the form of `permitted`."""
    for source, target in itertools.product(range(len(parties)), repeat=2):
        for port, (number, protocol) in itertools.product(PORTS, enumerate(PROTOCOLS)):
            if reach.allows(Connection(parties[source], parties[target], port, protocol)):
                yield source, target, port, number
