"""Processes that the kernel kills, Pods that are replaced, and a node that loses power."""

from collections.abc import Iterator
from contextlib import contextmanager

from render.names import AGENT, GATEWAY, TEMPO
from tests.cluster.faults import delete_pod, kill, wait_until_ready
from tests.cluster.self_metrics import undecided
from tests.faults.fault import Fault, Loss
from tests.faults.sender import PER_SECOND
from tests.support.live import LiveStack
from tests.support.waiting import eventually

# The second between halves, and as much for requests on their way.
_UNDER_WAY_SECONDS = 2

UNDECIDED = Loss(
    why="a killed gateway loses the traces that it had not decided, and of those that go on, the spans before",
    documented="A gateway that is killed",
    # The dojo's wait of 10 s, the tick, a batch of 1 s on its way to the queue, and the second between halves.
    most_seconds=14,
)
SPLIT = Loss(
    why="a replaced gateway decides by the spans that it has, and the next one by the spans after them",
    documented="A gateway that is replaced",
    most_seconds=_UNDER_WAY_SECONDS,
    by_decision=True,
)
LATE = Loss(
    why="a trace is decided twice, by what had arrived and by what comes later, if spans wait at their sender or "
    "on an agent's disk for longer than the gateway's wait",
    documented="spans that come after their trace was not kept",
    most_seconds=_UNDER_WAY_SECONDS,
    by_decision=True,
)
UNWRITTEN = Loss(
    why="a killed Tempo loses what it had not written to its log",
    documented="A Tempo that is killed",
    # A trace is idle for 5 s, is found idle up to 5 s later, and was begun a second before.
    most_seconds=12,
)


@contextmanager
def _killed(stack: LiveStack, component: str) -> Iterator[None]:
    kill(stack, component)
    yield


@contextmanager
def _killed_on_time(stack: LiveStack) -> Iterator[None]:
    """Kill the gateway when no tick is late: on a busy machine it may hold more than the bound counts on."""
    most = (stack.settings.sampling.decision_wait_seconds + _UNDER_WAY_SECONDS) * PER_SECOND
    eventually(lambda: undecided(stack) <= most, "the gateway decides on time")
    with _killed(stack, GATEWAY):
        yield


@contextmanager
def _replaced(stack: LiveStack, component: str) -> Iterator[None]:
    delete_pod(stack, component)
    wait_until_ready(stack, component)
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
    Fault(
        name="agent replaced",
        what="The agent's Pod is deleted, as at every update, with its empty queue; a new one starts.",
        block=lambda stack: _replaced(stack, AGENT),
        seconds=5,
        settle_seconds=120,
        losses=(LATE,),
    ),
    Fault(
        name="gateway killed",
        what="SIGKILL to the gateway; its container starts again, with the queue on its volume.",
        block=_killed_on_time,
        seconds=5,
        settle_seconds=150,
        losses=(UNDECIDED,),
        quick=True,
    ),
    Fault(
        name="gateway replaced",
        what="The gateway's Pod is deleted, as at every update; it has a minute to end, and a new one starts.",
        block=lambda stack: _replaced(stack, GATEWAY),
        seconds=5,
        settle_seconds=150,
        losses=(SPLIT,),
    ),
    Fault(
        name="Tempo killed",
        what="SIGKILL to Tempo, which is its only ingester; its container starts again and replays its log.",
        block=lambda stack: _killed(stack, TEMPO),
        seconds=5,
        settle_seconds=150,
        losses=(UNWRITTEN,),
        quick=True,
    ),
)
