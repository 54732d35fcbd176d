"""Processes that the kernel kills, and Pods that are deleted."""

from collections.abc import Iterator
from contextlib import contextmanager

from render.names import AGENT
from tests.cluster.faults import kill
from tests.faults.fault import Fault
from tests.support.live import LiveStack


@contextmanager
def _killed(stack: LiveStack, component: str) -> Iterator[None]:
    kill(stack, component)
    yield


FAULTS = (
    Fault(
        name="agent killed",
        what="SIGKILL to the agent, as the kernel sends it when memory runs out; its container starts again.",
        block=lambda stack: _killed(stack, AGENT),
        seconds=5,
        settle_seconds=120,
        quick=True,
    ),
)
