"""More traces than the gateway is sized for."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.queries.traffic import Sender
from lab.target.stacks import stack_settings
from render.names import GATEWAY
from tests.cluster.traffic import SPANS_PER_TRACE
from tests.faults.counters import DROPPED
from tests.faults.fault import Fault, Loss
from tests.faults.sacrifice import CEILINGS
from tests.faults.sender import PER_SECOND
from tests.support.live import LiveStack, section

_LOAD = stack_settings("dojo").load
# The dojo has one gateway.
_SPANS_PER_SECOND = 2 * _LOAD.peak_spans_per_second * _LOAD.headroom


@contextmanager
def _overloaded(stack: LiveStack) -> Iterator[None]:
    """Send a shop's traces, so that with the steady ones it is twice what the gateway is sized for."""
    with Sender(stack.cluster, stack.namespace, _SPANS_PER_SECOND - PER_SECOND * SPANS_PER_TRACE):
        yield


FAULTS = (
    Fault(
        name="twice the sized load",
        what="For five minutes the gateway gets twice the spans that it is sized for (peak × headroom), all of "
        "them worth keeping: a shop's beside the steady ones.",
        block=_overloaded,
        seconds=300,
        settle_seconds=240,
        losses=tuple(
            Loss(
                why="traces that did not fail, above the gateway's ceiling; the shop's are counted with them",
                documented="more kept spans than a gateway's ceiling admits",
                component=GATEWAY,
                counter=f"{DROPPED} {policy}",
            )
            for policy in CEILINGS
        ),
        alerts=frozenset({"TracingCeilingReached", "TracingManyTracesInFlight"}),
        gives_up=True,
        other_traffic=True,
        spans_per_second=_SPANS_PER_SECOND,
        overlay=section("sampling", baseline_percentage=100),
    ),
)
