"""More traces than the gateway is sized for."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.queries.traffic import Sender
from render.names import GATEWAY
from tests.cluster.traffic import SPANS_PER_TRACE
from tests.faults.counters import DROPPED
from tests.faults.fault import Fault, Loss
from tests.faults.sacrifice import CEILINGS
from tests.faults.sender import PER_SECOND
from tests.support.live import LiveStack, section

_TIMES = 2


@contextmanager
def _overloaded(stack: LiveStack) -> Iterator[None]:
    """Send a shop's traces, so that with the steady ones it is twice what the gateway is sized for."""
    load = stack.settings.load
    sized = load.peak_spans_per_second * load.headroom / stack.settings.collectors.gateway.replicas
    rate = _TIMES * sized - PER_SECOND * SPANS_PER_TRACE
    with Sender(stack.cluster, stack.namespace, rate):
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
                why=f"traces that the policy {policy} gave up, those of the shop among them",
                documented="more kept spans than a gateway's ceiling admits",
                component=GATEWAY,
                counter=f"{DROPPED} {policy}",
            )
            for policy in CEILINGS
        ),
        alerts=frozenset({"TracingCeilingReached", "TracingManyTracesInFlight"}),
        gives_up=True,
        overlay=section("sampling", baseline_percentage=100),
    ),
)
