"""What network policies allow, case by case as Kubernetes documents it."""

from typing import Any

import pytest

from policies.network.parties import Connection, Outside, Party, Pod
from policies.network.selectors import MalformedError
from policies.reachability import Reachability

WEB = {"app": "web"}
PORT = {"name": "http", "containerPort": 80}


def pod(name: str, namespace: str = "ours", **labels: str) -> dict[str, Any]:
    """Return a Pod with one named port, labelled `app: <name>` and as given."""
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name, **labels}},
        "spec": {"containers": [{"name": "c", "ports": [PORT]}]},
    }


def policy(spec: dict[str, Any], namespace: str = "ours") -> dict[str, Any]:
    """Return a NetworkPolicy."""
    metadata = {"name": "it", "namespace": namespace}
    return {"kind": "NetworkPolicy", "apiVersion": "networking.k8s.io/v1", "metadata": metadata, "spec": spec}


def from_peers(*peers: dict[str, Any], **rule: Any) -> dict[str, Any]:
    """Return a policy that allows ingress to `web` from these peers only."""
    spec = {"podSelector": {"matchLabels": WEB}, "ingress": [{"from": list(peers), **rule}]}
    return policy(spec)


TEAM = {"kind": "Namespace", "metadata": {"name": "theirs", "labels": {"team": "a"}}}
OBJECTS = [pod("web"), pod("client"), pod("guest", "theirs"), TEAM]


def allows(
    objects: list[dict[str, Any]], source: str | Party, target: str | Party, port: int = 80, protocol: str = "TCP"
) -> bool:
    """Return whether a connection is allowed between parties, Pods by their names."""
    reach = Reachability(objects)
    pods: dict[str, Party] = {one.name: one for one in reach.pods}
    first, second = (pods[end] if isinstance(end, str) else end for end in (source, target))
    return reach.allows(Connection(first, second, port, protocol))


def test_without_a_policy_everything_is_allowed() -> None:
    assert allows(OBJECTS, "guest", "web")
    assert allows(OBJECTS, Outside(address="203.0.113.7"), "web")


def test_a_policy_restricts_only_the_pods_that_it_selects_and_only_in_its_directions() -> None:
    denied = [*OBJECTS, policy({"podSelector": {"matchLabels": WEB}, "policyTypes": ["Ingress"]})]
    assert not allows(denied, "client", "web")
    assert allows(denied, "web", "client")
    assert allows(denied, "guest", "client")


def test_a_policy_of_another_namespace_is_not_about_these_pods() -> None:
    assert allows([*OBJECTS, policy({"podSelector": {}}, "theirs")], "client", "web")


def test_a_connection_needs_the_permission_of_both_ends() -> None:
    deny_all = policy({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
    ingress = from_peers({"podSelector": {"matchLabels": {"app": "client"}}})
    egress = policy(
        {
            "podSelector": {"matchLabels": {"app": "client"}},
            "policyTypes": ["Egress"],
            "egress": [{"to": [{"podSelector": {"matchLabels": WEB}}]}],
        }
    )
    assert not allows([*OBJECTS, deny_all, ingress], "client", "web")
    assert not allows([*OBJECTS, deny_all, egress], "client", "web")
    assert allows([*OBJECTS, deny_all, ingress, egress], "client", "web")
    assert not allows([*OBJECTS, deny_all, ingress, egress], "web", "client")


def test_without_policy_types_egress_is_restricted_only_by_a_rule_for_it() -> None:
    selected = {"podSelector": {"matchLabels": {"app": "client"}}}
    assert allows([*OBJECTS, policy(selected)], "client", "web")
    assert not allows([*OBJECTS, policy({**selected, "egress": [{"ports": [{"port": 81}]}]})], "client", "web")
    assert not allows([*OBJECTS, policy(selected)], "web", "client")


@pytest.mark.parametrize("peers", [[], None])
def test_a_rule_without_peers_is_about_everybody(peers: list[Any] | None) -> None:
    objects = [*OBJECTS, policy({"podSelector": {}, "ingress": [{"from": peers}]})]
    assert allows(objects, "guest", "web")
    assert allows(objects, Outside(address="2001:db8::1"), "web")


@pytest.mark.parametrize(
    ("peer", "sources"),
    [
        ({"podSelector": {}}, {"client", "web"}),
        ({"podSelector": {"matchLabels": {"app": "client"}}}, {"client"}),
        ({"podSelector": {"matchLabels": {"app": "guest"}}}, set()),
        ({"namespaceSelector": {}}, {"client", "guest", "web"}),
        ({"namespaceSelector": {"matchLabels": {"team": "a"}}}, {"guest"}),
        ({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ours"}}}, {"client", "web"}),
        ({"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "guest"}}}, {"guest"}),
        ({"namespaceSelector": {"matchLabels": {"team": "b"}}, "podSelector": {}}, set()),
        ({"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]}}, {"web"}),
        (
            {"podSelector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}},
            {"client"},
        ),
        (
            {"podSelector": {"matchExpressions": [{"key": "x", "operator": "NotIn", "values": ["y"]}]}},
            {"client", "web"},
        ),
        ({"podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}}, {"client", "web"}),
        ({"podSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}}, set()),
        ({"ipBlock": {"cidr": "0.0.0.0/0"}}, set()),
    ],
    ids=lambda given: str(sorted(given)) if isinstance(given, set) else str(given),
)
def test_a_peer_selects_pods_by_their_labels_and_namespaces(peer: dict[str, Any], sources: set[str]) -> None:
    objects = [*OBJECTS, from_peers(peer)]
    assert {name for name in ("client", "guest", "web") if allows(objects, name, "web")} == sources


@pytest.mark.parametrize(
    ("block", "address", "expected"),
    [
        ({"cidr": "203.0.113.0/24"}, "203.0.113.7", True),
        ({"cidr": "203.0.113.0/24"}, "198.51.100.7", False),
        ({"cidr": "203.0.113.0/24", "except": ["203.0.113.0/28"]}, "203.0.113.7", False),
        ({"cidr": "203.0.113.0/24", "except": ["203.0.113.0/28"]}, "203.0.113.17", True),
        ({"cidr": "::/0"}, "203.0.113.7", False),
        ({"cidr": "::/0"}, "2001:db8::1", True),
    ],
)
def test_a_block_is_about_addresses_of_its_family(block: dict[str, Any], address: str, expected: bool) -> None:  # noqa: FBT001
    assert allows([*OBJECTS, from_peers({"ipBlock": block})], Outside(address=address), "web") is expected


def test_a_block_holds_a_pod_whose_address_is_known() -> None:
    running = pod("running") | {"status": {"podIP": "10.0.0.7"}}
    assert allows([*OBJECTS, running, from_peers({"ipBlock": {"cidr": "10.0.0.0/8"}})], "running", "web")


@pytest.mark.parametrize(
    ("port", "allowed"),
    [
        ({"port": 80}, {(80, "TCP")}),
        ({"port": 80.0}, {(80, "TCP")}),
        ({"port": 80, "protocol": "UDP"}, {(80, "UDP")}),
        ({"protocol": "UDP"}, {(79, "UDP"), (80, "UDP"), (81, "UDP")}),
        ({}, {(79, "TCP"), (80, "TCP"), (81, "TCP")}),
        ({"port": 80, "endPort": 81}, {(80, "TCP"), (81, "TCP")}),
        ({"port": "http"}, {(80, "TCP")}),
        ({"port": "http", "protocol": "UDP"}, set()),
        ({"port": "other"}, set()),
    ],
    ids=lambda given: str(sorted(given)) if isinstance(given, set) else str(given),
)
def test_a_port_is_a_number_a_range_or_the_targets_name(
    port: dict[str, Any], allowed: set[tuple[int, str]]
) -> None:
    objects = [*OBJECTS, from_peers(ports=[port])]
    asked = [(number, protocol) for number in (79, 80, 81) for protocol in ("TCP", "UDP")]
    assert {one for one in asked if allows(objects, "client", "web", *one)} == allowed


def test_a_name_of_a_port_means_nothing_outside_the_cluster() -> None:
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"ports": [{"port": "http"}]}]}
    assert not allows([*OBJECTS, policy(spec)], "client", Outside(address="203.0.113.7"))


def test_a_pod_on_the_hosts_network_is_neither_selected_nor_restricted() -> None:
    on_host = pod("node")
    on_host["spec"]["hostNetwork"] = True
    closed = policy(
        {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [{"from": [{"podSelector": {}}]}]}
    )
    assert allows([*OBJECTS, on_host, closed], Outside(address="203.0.113.7"), "node")
    assert not allows([*OBJECTS, on_host, closed], "node", "web")


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Deployment", lambda template: {"template": template}),
        ("StatefulSet", lambda template: {"template": template}),
        ("DaemonSet", lambda template: {"template": template}),
        ("Job", lambda template: {"template": template}),
        ("CronJob", lambda template: {"jobTemplate": {"spec": {"template": template}}}),
    ],
)
def test_the_pods_of_a_workload_are_those_of_its_template(kind: str, spec: Any) -> None:
    template = {"metadata": {"labels": WEB}, "spec": {"containers": [{"ports": [PORT]}]}}
    metadata = {"name": "server", "namespace": "ours", "labels": {"app": "not this"}}
    (found,) = Reachability([{"kind": kind, "metadata": metadata, "spec": spec(template)}]).pods
    assert found == Pod(namespace="ours", name="server", labels=WEB, ports={"http": (80, "TCP")})


MALFORMED = (
    from_peers({}),
    from_peers({"ipBlock": {"cidr": "0.0.0.0/0"}, "podSelector": {}}),
    from_peers({"podSelector": {}, "serviceSelector": {}}),
    from_peers({"podSelector": {"matchExpressions": [{"key": "app", "operator": "Like", "values": ["web"]}]}}),
    from_peers({"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": []}]}}),
    from_peers(ports=[{"port": "http", "endPort": 90}]),
    from_peers(ports=[{"port": 80, "protocol": "ICMP"}]),
    policy({"podSelector": {}, "policyTypes": ["Inbound"]}),
)


@pytest.mark.parametrize("wrong", MALFORMED, ids=lambda one: str(one["spec"]))
def test_a_policy_that_the_api_server_refuses_is_told_in_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(MalformedError, match=r" has (the|a) .*: it|allowed are|its protocol"):
        allows([*OBJECTS, wrong], "client", "web")


def test_a_block_that_is_no_network_is_told_in_a_sentence() -> None:
    with pytest.raises(MalformedError, match=r"NetworkPolicy ours/it has the ipBlock .*does not appear to be"):
        allows([*OBJECTS, from_peers({"ipBlock": {"cidr": "anywhere"}})], Outside(address="203.0.113.7"), "web")


def test_a_workload_without_a_template_is_told_in_a_sentence() -> None:
    with pytest.raises(MalformedError, match=r"the Job 'setup' has no Pod template: template is missing"):
        Reachability([{"kind": "Job", "metadata": {"name": "setup"}, "spec": {}}])
