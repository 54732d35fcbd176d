"""The nodes that agents run on, and their priority, as the real API server and controllers have it."""

from collections.abc import Iterator

import pytest

from render.names import AGENT
from tests.simulated.nodes import Nodes, scheduled_on
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.simulated


@pytest.fixture
def nodes(stack: LiveStack) -> Iterator[Nodes]:
    """The cluster's nodes, restored at the end."""
    found = Nodes(stack.core)
    yield found
    found.restore()
    stack.settle()


def test_agents_run_on_linux_nodes_alone_and_not_on_fargate(stack: LiveStack, nodes: Nodes) -> None:
    """They tolerate every taint, so only the nodes' labels keep them away."""
    (linux,) = nodes.add("a", 1, {})
    (windows,) = nodes.add("b", 1, {"kubernetes.io/os": "windows"})
    (fargate,) = nodes.add("c", 1, {"eks.amazonaws.com/compute-type": "fargate"})
    found = eventually(lambda: _with(stack, linux), f"an agent runs on {linux}")
    assert not {windows, fargate} & found
    eventually(lambda: _wanted(stack) == len(nodes.zones()) - 2, "an agent is wanted on every other node")


def test_agents_may_preempt_what_fills_their_node(stack: LiveStack) -> None:
    """The API server resolves the class when it admits a Pod."""
    for agent in stack.pods(AGENT):
        assert agent.spec.priority == 1_000_000
        assert agent.spec.preemption_policy == "PreemptLowerPriority"


def _wanted(stack: LiveStack) -> int:
    """Return the number of agents that the DaemonSet's controller wants."""
    status = stack.apps.read_namespaced_daemon_set(AGENT, stack.namespace).status
    return status.desired_number_scheduled if status else 0


def _with(stack: LiveStack, node: str) -> set[str] | None:
    """Return the nodes of all agents once this one is among them."""
    found = {scheduled_on(pod) for pod in stack.pods(AGENT)}
    return found if node in found else None
