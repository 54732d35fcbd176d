"""Clients that send what nobody can decode, what is far too large, and spans without ids."""

import secrets
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from plan.units import MIB
from render.collectors.invalid import INVALID_FILTER
from render.names import AGENT
from tests.cluster.faults import program_of, restarting
from tests.cluster.self_metrics import labelled
from tests.cluster.traffic import Trace, whole
from tests.faults.fault import Fault
from tests.faults.oracle import expected_of
from tests.faults.requests import Hostile, huge, malformed
from tests.faults.sender import Sender
from tests.faults.unpacking import unpacking
from tests.support.live import LiveStack
from tests.support.process_memory import forget_peak, peak_bytes
from tests.support.waiting import eventually
from tests.tools.spans import failed_trace

_PAUSE_SECONDS = 0.2
_FILTERED = "otelcol_processor_filter_spans_filtered_total"
_COUNTED_SECONDS = 30.0
# Each request has one trace that has to be kept, and so many spans without ids.
_MIXED_REQUESTS, _ZERO_SPANS = 100, 3


@contextmanager
def repeated(stack: LiveStack, requests: Sequence[Hostile]) -> Iterator[None]:
    """Send the requests in turn, again and again; each gets its answer, and the agent lives within its memory."""
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    over, host = threading.Event(), stack.address(AGENT)

    def run() -> None:
        while not over.is_set():
            for one in requests:
                answers[one.name][_answer(one, host)] += 1
                over.wait(_PAUSE_SECONDS)

    thread = threading.Thread(target=run, daemon=True)
    with unharmed(stack):
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
    for one in requests:
        unexpected = set(answers[one.name]) - one.answers
        assert answers[one.name], f"{one.name} was never sent"
        assert not unexpected, f"{one.name}: {dict(answers[one.name])}"


def _answer(request: Hostile, host: str) -> str:
    try:
        return request.send(host)
    except OSError as error:
        return type(error).__name__


@contextmanager
def unharmed(stack: LiveStack) -> Iterator[None]:
    """Fail unless the agent's process lives through the block within the memory that its container may take."""
    (pod,) = stack.pods(AGENT)
    process = program_of(pod.metadata.uid)
    forget_peak(process)
    yield
    (now,) = stack.pods(AGENT)
    assert program_of(now.metadata.uid) == process, "the agent was started again"
    limit = stack.settings.collectors.agent.resources.memory_limit_mib * MIB
    assert (peak := peak_bytes(process)) < limit, f"the agent took {peak} bytes of {limit}"


@contextmanager
def unpacked(stack: LiveStack) -> Iterator[None]:
    """Send one request that costs more memory than the agent has, and wait until the agent runs again."""
    with restarting(stack, AGENT):
        _answer(unpacking(), stack.address(AGENT))
    yield


def mixed_with_zero_ids(sender: Sender) -> None:
    """Send requests that mix spans without ids with a trace that has to be kept."""
    for _ in range(_MIXED_REQUESTS):
        trace, label = Trace(secrets.token_bytes(16), "failed"), f"{sender.run}-mixed"
        request = failed_trace(bytes(16), _ZERO_SPANS, 10)
        request.MergeFrom(whole([trace], label))
        sender.send(expected_of(trace, sender.sampling), [request], label)


@contextmanager
def zero_ids_counted(stack: LiveStack) -> Iterator[None]:
    """Fail unless the agent counts exactly the spans without ids."""
    before, sent = _filtered(stack), _MIXED_REQUESTS * _ZERO_SPANS
    yield
    eventually(
        lambda: _filtered(stack) - before >= sent, f"{sent} spans without ids are counted", _COUNTED_SECONDS
    )
    assert _filtered(stack) - before == sent


def _filtered(stack: LiveStack) -> int:
    return round(labelled(stack, AGENT, _FILTERED, "filter").get(INVALID_FILTER, 0.0))


def _malformed(stack: LiveStack) -> AbstractContextManager[None]:
    return repeated(stack, malformed())


def _huge(stack: LiveStack) -> AbstractContextManager[None]:
    return repeated(stack, huge())


FAULTS = (
    Fault(
        name="malformed requests",
        what="A client sends garbage, truncated requests, wrong kinds of content and packed zeros, by gRPC and by "
        "HTTP; each is refused, and the agent lives within its memory.",
        block=_malformed,
        seconds=20,
        settle_seconds=90,
    ),
    Fault(
        name="requests of 100 MB",
        what="A client sends 100 MB in a request, by gRPC, by HTTP and in chunks; each is refused, and the agent "
        "lives within its memory.",
        block=_huge,
        seconds=20,
        settle_seconds=90,
    ),
    Fault(
        name="a request that unpacks",
        what="A client sends 8 kB that unpack to more than the agent's memory; the kernel kills the agent, and "
        "its container starts again.",
        block=unpacked,
        seconds=10,
        settle_seconds=120,
    ),
    Fault(
        name="spans without ids",
        what="A client mixes 300 spans with all-zero ids into requests with good traces; only those are dropped, "
        "and the agent counts exactly 300.",
        block=zero_ids_counted,
        also=mixed_with_zero_ids,
        seconds=15,
        settle_seconds=90,
        alerts=frozenset({"TracingInvalidSpans"}),
        quick=True,
    ),
)
