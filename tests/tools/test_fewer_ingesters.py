"""One ingester fewer, with one copy of each trace: docs/fewer-ingesters.md, played on real processes."""

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from lab.monitoring.exposition import samples, series
from tests.cluster.tempo_api import Mode, spans_in
from tests.cluster.traffic import SPANS_PER_TRACE, Trace, whole
from tests.support.waiting import eventually
from tests.tools.ingester_ring import INGESTERS, TENANT, IngesterRing, ingester_ring

pytestmark = pytest.mark.tools

*_OTHERS, _LAST = INGESTERS
# Enough that the last of two ingesters holds some: with each trace on either, it has none once in 65 000 runs.
_TRACES = 16
_SEND_SECONDS = 30.0
# Polls of compactor and querier, two seconds each, and a machine that is busy.
_FOUND_SECONDS = 60.0


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[IngesterRing]:
    """All ingesters, of which none has flushed anything."""
    with ingester_ring(tmp_path) as found:
        yield found


def test_an_ingester_that_is_only_stopped_keeps_its_traces_on_its_volume(ring: IngesterRing) -> None:
    """This is what a lower `tempo.ingesters` does alone; an ingester on the same volume gives the traces back."""
    sent = _sent(ring)
    ring.stop(_LAST)
    ring.wait(_OTHERS)
    assert _found(ring, sent) < _TRACES
    assert _found(ring, sent, "blocks") == 0
    ring.start(_LAST)
    ring.wait()
    eventually(lambda: _found(ring, sent) == _TRACES, "the volume's traces are found again", _FOUND_SECONDS)


def test_an_ingester_that_is_shut_down_first_leaves_nothing_behind(ring: IngesterRing) -> None:
    sent = _sent(ring)
    eventually(lambda: _holds_traces(ring), "the last ingester has counted its traces")
    ring.post(_LAST, "/flush")
    eventually(lambda: _metric(ring, "live_traces") == _metric(ring, "flush_queue_length") == 0, "all is flushed")
    sent += _sent(ring)
    eventually(lambda: _holds_traces(ring), "the last ingester has counted its traces")
    ring.post(_LAST, "/shutdown")
    eventually(lambda: "Terminated" in _service(ring), "the ingester has ended, and its process has not")
    assert _metric(ring, "live_traces") == _metric(ring, "flush_queue_length") == 0
    assert _metric(ring, "failed_flushes_total") == 0
    # While a querier still asks it, queries fail.
    ring.wait(_OTHERS)
    ring.stop(_LAST)
    eventually(lambda: _found(ring, sent) == len(sent), "every trace is found without it", _FOUND_SECONDS)


def _sent(ring: IngesterRing) -> list[bytes]:
    """Send traces and return their ids; every one is found, in an ingester."""
    planned = [Trace(secrets.token_bytes(16), "failed") for _ in range(_TRACES)]
    TraceServiceStub(ring.distributor).Export(  # type: ignore[no-untyped-call]
        whole(planned, "fewer ingesters"),
        timeout=_SEND_SECONDS,
        wait_for_ready=True,
        metadata=(("x-scope-orgid", TENANT),),
    )
    ids = [trace.id for trace in planned]
    eventually(lambda: _found(ring, ids) == _TRACES, "every trace is found", _FOUND_SECONDS)
    return ids


def _found(ring: IngesterRing, ids: Sequence[bytes], mode: Mode = "all") -> int:
    """Return the number of traces that are found with every span."""
    with ring.api() as api:
        found = [api.trace(one.hex(), mode) for one in ids]
    return sum(len(spans_in(trace)) == SPANS_PER_TRACE for trace in found if trace)


def _holds_traces(ring: IngesterRing) -> bool:
    """Return whether the last ingester reports unflushed traces; it counts them with each check for idle ones."""
    return sum(_series(ring, "live_traces")) > 0


def _metric(ring: IngesterRing, name: str) -> float:
    """Return the sum of a metric of the last ingester, which must have it."""
    series = _series(ring, name)
    assert series, f"the ingester has no metric {name}"
    return sum(series)


def _series(ring: IngesterRing, name: str) -> list[float]:
    """Return the values of a metric of the last ingester, none before it has first counted."""
    return [sample.value for sample in series(samples(ring.get(_LAST, "/metrics")), f"tempo_ingester_{name}")]


def _service(ring: IngesterRing) -> str:
    """Return what the last process says of its service `ingester`."""
    (line,) = [one for one in ring.get(_LAST, "/status/services").splitlines() if one.startswith("| ingester ")]
    return line
