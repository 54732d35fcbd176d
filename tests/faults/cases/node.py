"""The whole node."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from lab.node import Record
from lab.progress import Progress
from tests.cluster.faults import all_ready, kill_node
from tests.faults.cases.killed import UNDECIDED, UNWRITTEN
from tests.faults.fault import Fault
from tests.support.live import LiveStack
from tests.support.waiting import eventually

_READY_SECONDS = 180.0


@contextmanager
def _without_power(stack: LiveStack) -> Iterator[None]:
    """Kill every process of the node at once inside the block, and start the node again after it."""
    node = stack.target.node
    assert node, "the cluster is not the lab's own node"
    record = Record.of(node.folder)
    assert record, "the node does not run"
    try:
        kill_node(record)
        yield
    finally:
        # The steps of a start are of no interest here.
        with Progress(Console(file=io.StringIO())) as progress:
            node.start(progress)
    eventually(lambda: all_ready(stack.core), "all Pods are ready again", _READY_SECONDS)


FAULTS = (
    Fault(
        name="node restarted",
        what="Every process of the node is killed at once, as without power; 10 s later the node starts again.",
        block=_without_power,
        seconds=10,
        settle_seconds=240,
        losses=(UNDECIDED, UNWRITTEN),
        refuses=True,
    ),
)
