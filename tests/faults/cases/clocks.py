"""Clocks that are five minutes off: those of senders, of collectors and of Tempo."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bench.queries.traffic import spans_of
from render.names import GATEWAY, TEMPO
from tests.cluster.faults import program_of
from tests.cluster.traffic import ALWAYS_KEPT, Trace, whole
from tests.faults.clock import clock_off
from tests.faults.fault import Fault
from tests.faults.oracle import expected_of
from tests.faults.sender import Sender
from tests.support.live import LiveStack

_OFF_SECONDS = 300
_NS = 10**9
# Of each kind, and either way.
_TRACES = 5


def skewed(sender: Sender) -> None:
    """Send traces of every kind whose spans are five minutes in the future, and as many in the past."""
    for kind in ALWAYS_KEPT * _TRACES:
        for seconds in (_OFF_SECONDS, -_OFF_SECONDS):
            trace, label = Trace(secrets.token_bytes(16), kind), f"{sender.run}-{seconds}"
            request = shifted(whole([trace], label), seconds)
            # No search of now finds the future.
            sender.send(expected_of(trace, sender.sampling), [request], label if seconds < 0 else "")


def shifted(request: ExportTraceServiceRequest, seconds: int) -> ExportTraceServiceRequest:
    """Return a request whose spans began and ended later, or earlier if negative."""
    later = ExportTraceServiceRequest()
    later.CopyFrom(request)
    for span in spans_of(later):
        span.start_time_unix_nano += seconds * _NS
        span.end_time_unix_nano += seconds * _NS
    return later


@contextmanager
def component_off(stack: LiveStack, component: str, seconds: int) -> Iterator[None]:
    """Set the clock of a component's process ahead, or back if negative, and right again at the end."""
    (pod,) = stack.pods(component)
    with clock_off(program_of(pod.metadata.uid), seconds):
        yield


def _of(component: str, seconds: int, called: str) -> Fault:
    where = "ahead" if seconds > 0 else "behind"
    return Fault(
        name=f"{called}'s clock {where}",
        what=f"The wall clock of {called}'s process is set five minutes {where}, and right again at the end.",
        block=lambda stack: component_off(stack, component, seconds),
        seconds=45,
        settle_seconds=120,
    )


FAULTS = (
    Fault(
        name="senders' clocks off",
        what="Senders whose clocks are five minutes ahead or behind send traces of every kind that is kept.",
        block=lambda _: nullcontext(),
        also=skewed,
        seconds=20,
        settle_seconds=120,
    ),
    _of(GATEWAY, _OFF_SECONDS, "the gateway"),
    _of(GATEWAY, -_OFF_SECONDS, "the gateway"),
    _of(TEMPO, _OFF_SECONDS, "Tempo"),
    _of(TEMPO, -_OFF_SECONDS, "Tempo"),
)
