"""The Pods of agents and gateways: placement, permissions, probes and updates."""

from typing import Any

import pytest

from tests.support.programs import SERVERS, pod, recorded, workloads

COLLECTORS = pytest.mark.parametrize("name", ["agent-daemon", "gateway-server"])


def test_an_agent_runs_on_every_node_whatever_its_taints_and_nothing_else_does() -> None:
    """Applications that tolerate a taint have no other agent (docs/adr/0004)."""
    tolerations = {one.name: pod(one).get("tolerations") for one in workloads(recorded("prod"), SERVERS)}
    assert tolerations.pop("agent-daemon") == [{"operator": "Exists"}]
    assert set(tolerations.values()) == {None}


def test_what_is_cluster_wide_is_called_after_the_namespace() -> None:
    """Two installations in one cluster must not compete for a name."""
    for name in ("agent-pods-role", "agent-pods-binding"):
        assert recorded("prod").one(name).inputs["metadata"]["name"] == "fawkes-observability-otel-agent"


def test_the_permission_is_the_agents_accounts_alone() -> None:
    """It allows reading every Pod of the cluster."""
    binding = recorded("prod").one("agent-pods-binding").inputs
    assert binding["roleRef"] == {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "ClusterRole",
        "name": recorded("prod").one("agent-pods-role").inputs["metadata"]["name"],
    }
    account = pod(recorded("prod").one("agent-daemon"))["serviceAccountName"]
    subject = {"kind": "ServiceAccount", "name": account, "namespace": "fawkes-observability"}
    assert binding["subjects"] == [subject]


@COLLECTORS
def test_a_collector_is_used_within_seconds_and_not_killed_within_a_minute(name: str) -> None:
    """Three failures in a row count: 2 s apart they remove a Pod from its Service, 20 s apart they kill it."""
    (container,) = pod(recorded("prod").one(name))["containers"]
    assert container["readinessProbe"]["periodSeconds"] == 2
    assert container["livenessProbe"]["periodSeconds"] == 20


def test_gateways_fill_their_reserved_memory_before_they_collect_garbage() -> None:
    """A gateway reserves all of its memory; an agent requests a part, and the node's other Pods need the rest."""
    environments = {
        name: {one["name"]: one.get("value") for one in pod(recorded("prod").one(name))["containers"][0]["env"]}
        for name in ("agent-daemon", "gateway-server")
    }
    assert environments["gateway-server"]["GOGC"] == "400"
    assert "GOGC" not in environments["agent-daemon"]


def test_gateways_start_together() -> None:
    """A gateway that cannot start must not block the others, each of which holds traces of its own."""
    assert recorded("prod").one("gateway-server").inputs["spec"]["podManagementPolicy"] == "Parallel"


@pytest.mark.parametrize(("stack", "replicas"), [("dojo", 1), ("staging", 2), ("prod", 3)])
def test_budget_and_spread_are_for_several_gateways(stack: str, replicas: int) -> None:
    """A budget over a single Pod can only keep its node from being drained."""
    recorder = recorded(stack)
    server = recorder.one("gateway-server")
    assert server.inputs["spec"]["replicas"] == replicas
    budgets: list[Any] = [one for one in recorder.of_type("PodDisruptionBudget") if one.name == "gateway-budget"]
    assert bool(budgets) is (replicas > 1)
    assert ("topologySpreadConstraints" in pod(server)) is (replicas > 1)
