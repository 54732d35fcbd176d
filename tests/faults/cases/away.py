"""Parts that are away or refuse for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from render.names import GATEWAY, TEMPO
from tests.cluster.faults import held_down, with_arguments
from tests.cluster.self_metrics import queued
from tests.faults.cases.killed import SPLIT
from tests.faults.fault import Fault, Loss
from tests.support.live import LiveStack, section
from tests.support.waiting import eventually

# Below what a collector holds without any span, so that its memory limiter refuses everything.
_REFUSE = (
    "--set=processors::memory_limiter::limit_percentage=2",
    "--set=processors::memory_limiter::spike_limit_percentage=1",
)
# Half a minute of the kept spans. A whole volume would take more load than a machine has.
_SMALL_QUEUE = ("--set=exporters::otlp_grpc/tempo::sending_queue::queue_size=500000",)
# A request waits up to half a minute for its next attempt.
_EMPTY_SECONDS = 120.0


@contextmanager
def _full_queue(stack: LiveStack) -> Iterator[None]:
    """Hold Tempo down while the gateway has a queue for half a minute.

    The queue is empty before the gateway is replaced: what does not fit into it at a gateway's end is in a counter
    that nobody reads any more.
    """
    with with_arguments(stack, GATEWAY, _SMALL_QUEUE):
        with held_down(stack, TEMPO):
            yield
        eventually(lambda: queued(stack, GATEWAY) == 0, "the gateway's queue is empty", _EMPTY_SECONDS)


FAULTS = (
    Fault(
        name="gateway refuses",
        what="The gateway's memory limiter gets a limit that no collector keeps and answers UNAVAILABLE to all.",
        block=lambda stack: with_arguments(stack, GATEWAY, _REFUSE),
        seconds=60,
        settle_seconds=180,
        # It is replaced before and after.
        losses=(SPLIT, SPLIT),
        alerts=frozenset({"TracingGatewayRefusesSpans"}),
    ),
    Fault(
        name="Tempo away for a minute",
        what="Tempo's Pod is deleted and no new one starts for a minute.",
        block=lambda stack: held_down(stack, TEMPO),
        seconds=60,
        settle_seconds=180,
    ),
    Fault(
        name="Tempo away for ten minutes",
        what="Tempo's Pod is deleted and no new one starts for ten minutes.",
        block=lambda stack: held_down(stack, TEMPO),
        seconds=600,
        settle_seconds=300,
        alerts=frozenset({"TracingTempoDown"}),
    ),
    Fault(
        name="gateway's queue full",
        what="Tempo is away, and the gateway's queue has room for half a minute.",
        block=_full_queue,
        seconds=90,
        settle_seconds=240,
        losses=(
            Loss(
                why="kept spans for which the gateway's queue has no room",
                documented="a gateway's queue is full",
                component=GATEWAY,
                counter="otelcol_exporter_enqueue_failed_spans_total",
            ),
        ),
        alerts=frozenset({"TracingGatewayQueueFull", "TracingTempoDown"}),
        # The gateway is replaced before and after, which loses nothing where all is kept: the count is exact.
        overlay=section("sampling", baseline_percentage=100),
    ),
)
