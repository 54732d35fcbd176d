"""The running lab of `FAWKES_STATE_DIR`, shared by a test run and left with the committed dojo on it.

Tests are independent: each requests the stack with the settings that it needs, which costs an `up` only when the
stack has others.
"""

from collections.abc import Iterator

import pytest

from lab.errors import LabError
from lab.node import Node
from lab.target.target import Target, current
from tests.support.live import LiveStack
from tests.support.tools import absent

__all__ = ("absent", "dojo", "lab", "live", "own_node")


@pytest.fixture(scope="session")
def lab() -> Target:
    """The running lab."""
    try:
        return current()
    except LabError as error:
        absent(str(error))


@pytest.fixture(scope="session")
def own_node(lab: Target) -> Node:
    """The lab's own running node."""
    if lab.node is None:
        absent("This test is about the lab's own node, and FAWKES_KUBECONFIG names another cluster.")
    return lab.node


@pytest.fixture(scope="session")
def live(lab: Target) -> Iterator[LiveStack]:
    """The stack with any settings; at the end of the run it has the committed ones."""
    stack = LiveStack.on(lab)
    yield stack
    stack.bring()


@pytest.fixture
def dojo(live: LiveStack) -> LiveStack:
    """The stack with the committed settings."""
    live.bring()
    return live
