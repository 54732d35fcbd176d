"""What a stack needs, from its resources."""

from decimal import Decimal

import pytest

from ready.needs import Permission, needs_of
from tests.support.stacks import STACKS, stack_file
from tests.unit.ready.good import GIB, needs


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_has_needs(stack: str) -> None:
    """Some of the dojo's objects have no name before the engine gives them one."""
    found = needs_of(stack_file(stack), stack)
    assert found.claims
    assert all(one.requests["cpu"] > 0 and one.requests["memory"] > 0 for one in found.workloads)
    assert [one.name for one in found.workloads if one.on_each_node] == ["otel-agent"]


def test_ingesters_are_three_with_a_node_each_and_what_is_scaled_counts_its_minimum() -> None:
    workloads = {one.name: one for one in needs().workloads}
    assert (workloads["tempo-ingester"].replicas, workloads["tempo-ingester"].one_per_node) == (3, True)
    assert workloads["tempo-ingester"].requests["cpu"] == Decimal("0.5")
    assert workloads["tempo-ingester"].requests["memory"] == GIB
    assert workloads["tempo-querier"].replicas == 2
    assert needs().autoscaled == ("tempo-distributor", "tempo-querier")


def test_permissions_are_those_of_each_kind_in_its_group_and_of_what_a_role_grants() -> None:
    found = needs().permissions
    namespace = needs().namespace
    assert Permission("create", "apps", "statefulsets", namespace) in found
    assert Permission("patch", "autoscaling", "horizontalpodautoscalers", namespace) in found
    assert Permission("create", "", "namespaces") in found
    assert Permission("watch", "", "pods") in found
    # The plugin waits by these, and for ever where it may not.
    assert Permission("watch", "apps", "replicasets", namespace) in found
    assert Permission("list", "", "endpoints", namespace) in found
    assert Permission("watch", "", "persistentvolumeclaims", namespace) in found
    assert Permission("delete", "apps", "replicasets", namespace) not in found
    assert str(Permission("watch", "", "pods")) == "watch pods"


def test_changed_settings_need_what_their_own_resources_need() -> None:
    """Agents with a priority of the cluster's have no PriorityClass of the program."""
    creates = Permission("create", "scheduling.k8s.io", "priorityclasses")
    assert creates in needs().permissions
    assert creates not in needs({"collectors.agent.priority_class": "platform-agents"}).permissions
