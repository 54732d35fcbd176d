"""A real gateway above its ceiling gives up ordinary traces first, failed ones last, and counts each by reason.

Traces of three seconds come at once, as from agents after a pause or to a gateway that stood still.
"""

import secrets
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from lab.monitoring.exposition import series
from plan.limits import checked_plan
from render.collectors.giving_up import CEILING, ORDER_OF_SACRIFICE
from render.files import render
from render.names import COLLECTOR_METRICS_PORT
from tests.cluster.traffic import NAMED, REST, SPANS_PER_TRACE, Trace, traces, whole
from tests.support.stacks import settings_of
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, TEMPO, Recorder, collector, recorder
from tests.tools.self_metrics import samples_at

pytestmark = pytest.mark.tools

# A ceiling below half of what is sent, and a burst of two seconds of it instead of a large trace.
_CHANGES: dict[str, Any] = {
    "load.peak_spans_per_second": 600,
    "load.spans_per_trace": 4,
    "sampling.ceiling_spans_per_second": 750,
    "load.average_spans_per_second": 20,
    "sampling.decision_wait_seconds": 5,
    "tempo.max_trace_bytes": 100_000,
}
_TRACES_PER_SECOND, _SECONDS = 400, 30
# Traces of each of seven kinds. Failed ones are a seventeenth of the ceiling, and five kinds of named ones less
# than a third: so the shares of slow and of named ones that are kept are four standard deviations apart.
_OF_EACH_KIND = 330
_TICKS_PER_SECOND = 10
# Seconds of the run without any traces; these come at its end.
_PAUSE = (5, 8)
_DECIDED_SECONDS = 30.0
_CLASS = {"failed": "failed", "slow": "slow", REST: "ordinary", **dict.fromkeys(NAMED, "named")}


def _send(gateway: TraceServiceStub, planned: Sequence[Trace]) -> None:
    each = _TRACES_PER_SECOND // _TICKS_PER_SECOND
    began, (pause, resume) = time.monotonic(), _PAUSE
    for number, start in enumerate(range(0, len(planned), each)):
        second = number / _TICKS_PER_SECOND
        due = resume if pause <= second < resume else second
        time.sleep(max(0.0, began + due - time.monotonic()))
        gateway.Export(whole(planned[start : start + each], "run"), timeout=20)


def _counts(name: str) -> Counter[str]:
    """Return a counter of the gateway's sampler by policy, for decisions not to keep."""
    metric = f"otelcol_processor_tail_sampling_{name}_total"
    return Counter(
        {
            sample.labels["policy"]: int(sample.value)
            for sample in series(samples_at(GATEWAY, COLLECTOR_METRICS_PORT), metric, decision="dropped")
        }
    )


def _kept(sink: Recorder) -> set[bytes]:
    return {span.trace_id for _, _, span in sink.spans()}


def _shares(planned: Sequence[Trace], kept: set[bytes]) -> Mapping[str, float]:
    sent = Counter(_CLASS[trace.kind] for trace in planned)
    arrived = Counter(_CLASS[trace.kind] for trace in planned if trace.id in kept)
    return {name: arrived[name] / sent[name] for name in ORDER_OF_SACRIFICE}


def test_ordinary_traces_are_given_up_first_and_failed_ones_last(tmp_path: Path) -> None:
    settings = settings_of("dojo", _CHANGES)
    config = render(settings, checked_plan(settings)).gateway.replace("tempo.fawkes-observability.svc", TEMPO)
    planned = traces(secrets.token_hex(8), _OF_EACH_KIND, _TRACES_PER_SECOND * _SECONDS)
    with recorder(TEMPO) as sink, collector(tmp_path, config, GATEWAY, {}) as gateway:
        _send(gateway, planned)
        eventually(
            lambda: len(_kept(sink)) + _counts("count_traces_sampled").total() >= len(planned),
            "every trace has arrived or is counted",
            _DECIDED_SECONDS,
        )
        given_up, spans = _counts("count_traces_sampled"), _counts("count_spans_sampled")
    kept = _kept(sink)
    shares = _shares(planned, kept)
    assert shares["failed"] == 1
    assert shares["ordinary"] < shares["slow"] < shares["named"] < 1
    assert {policy.removeprefix(CEILING) for policy, count in given_up.items() if count} == {
        "ordinary",
        "slow",
        "named",
    }
    # The oracle and the counters agree exactly.
    assert sum(given_up.values()) == len(planned) - len(kept)
    assert sum(spans.values()) == SPANS_PER_TRACE * (len(planned) - len(kept))
