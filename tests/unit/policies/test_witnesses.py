"""The Pods that stand for everybody whom a network policy lets in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.network.parties import Connection, Pod
from policies.network.selectors import matches
from policies.network.witnesses import witnesses
from policies.reachability import Reachability

NAME = "kubernetes.io/metadata.name"


def peer_policy(peer: dict[str, Any]) -> dict[str, Any]:
    """Return a policy whose ingress has one peer."""
    return {"spec": {"ingress": [{"from": [peer]}]}}


def test_somebody_without_any_label_is_always_there() -> None:
    (nobody,) = witnesses([])
    assert nobody.pod.labels == {}
    assert nobody.namespace["metadata"]["labels"] == {}


def test_every_name_of_a_namespace_that_a_policy_lists_has_a_witness() -> None:
    listed = {"key": NAME, "operator": "In", "values": ["a", "b"]}
    found = witnesses([peer_policy({"namespaceSelector": {"matchExpressions": [listed]}})])
    assert {"a", "b"} <= {each.pod.namespace for each in found}


@pytest.mark.parametrize("peer", [{"podSelector": {}}, {"ipBlock": {"cidr": "10.0.0.0/8"}}])
def test_a_peer_that_is_not_about_other_namespaces_has_no_witness(peer: dict[str, Any]) -> None:
    assert len(list(witnesses([peer_policy(peer)]))) == 1


KEYS = st.sampled_from(["team", "tier", NAME])
VALUES = st.sampled_from(["a", "b"])
CONDITIONS = st.one_of(
    st.fixed_dictionaries({"key": KEYS, "operator": st.just("In"), "values": st.lists(VALUES, min_size=1)}),
    st.fixed_dictionaries({"key": KEYS, "operator": st.just("Exists")}),
    st.fixed_dictionaries({"key": KEYS, "operator": st.sampled_from(["DoesNotExist"])}),
    st.fixed_dictionaries({"key": KEYS, "operator": st.just("NotIn"), "values": st.lists(VALUES, min_size=1)}),
)
SELECTORS = st.fixed_dictionaries(
    {},
    optional={"matchLabels": st.dictionaries(KEYS, VALUES), "matchExpressions": st.lists(CONDITIONS, max_size=3)},
)


@given(of_namespaces=SELECTORS, of_pods=SELECTORS, label=st.dictionaries(KEYS, VALUES), team=VALUES)
def test_whom_a_peer_lets_in_somebody_is_a_witness(
    of_namespaces: dict[str, Any], of_pods: dict[str, Any], label: dict[str, str], team: str
) -> None:
    guest_space = {**label, NAME: team}
    policy = peer_policy({"namespaceSelector": of_namespaces, "podSelector": of_pods})
    found = list(witnesses([policy]))
    if matches(of_namespaces, guest_space) and matches(of_pods, label):
        assert any(
            matches(of_namespaces, {**each.namespace["metadata"]["labels"], NAME: each.pod.namespace})
            and matches(of_pods, each.pod.labels)
            for each in found
        )


def test_a_witness_is_a_party_of_the_graph() -> None:
    target = {"kind": "Pod", "metadata": {"name": "web", "namespace": "ours", "labels": {}}, "spec": {}}
    peer = {"namespaceSelector": {"matchLabels": {"team": "a"}}}
    policy = {
        "kind": "NetworkPolicy",
        "apiVersion": "networking.k8s.io/v1",
        "metadata": {"name": "p", "namespace": "ours"},
        "spec": {"podSelector": {}, "ingress": [{"from": [peer]}]},
    }
    found = list(witnesses([policy]))
    reach = Reachability([target, policy, *(each.namespace for each in found)])
    web = Pod(namespace="ours", name="web")
    assert [reach.allows(Connection(each.pod, web, 80)) for each in found] == [False, True]
