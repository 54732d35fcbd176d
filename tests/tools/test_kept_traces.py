"""Which traces a real gateway keeps, by each setting; the baseline keeps none of them."""

import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from plan.limits import checked_plan
from render.collectors.giving_up import NOT_KEPT
from render.files import render
from render.names import COLLECTOR_METRICS_PORT
from tests.cluster.traffic import text
from tests.support.stacks import settings_of
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, TEMPO, Recorder, collector, recorder
from tests.tools.self_metrics import counted

pytestmark = pytest.mark.tools

_MS = 1_000_000
_WAIT_SECONDS = 5
# A wait, a tick and a batch are 7 s on an idle machine.
_DECIDED_SECONDS = 40
_CHANGES: dict[str, Any] = {
    "sampling.baseline_percentage": 0,
    "sampling.slow_threshold_ms": 1000,
    "sampling.decision_wait_seconds": _WAIT_SECONDS,
    "sampling.health_check_paths": ["/healthz"],
    "sampling.failed.exception_events": True,
    "sampling.service_limits": [{"service": "noisy", "kept_spans_per_second": 1}],
    # The burst of a limit: more than one of these traces.
    "tempo.max_trace_bytes": 100_000,
}
# Each shard of the sampler remembers the last trace that it did not keep. With so many more in a later tick, each
# has another one; within one tick the order is random.
_OTHERS = 40
_ERROR = Status(code=Status.STATUS_CODE_ERROR)


def _number(key: str, value: int) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(int_value=value))


def _span(milliseconds: float = 10, **fields: Any) -> Span:
    begin = 1_790_000_000_000 * _MS
    return Span(
        name="call", start_time_unix_nano=begin, end_time_unix_nano=begin + int(milliseconds * _MS), **fields
    )


_CHECK = text("url.path", "/healthz")
# By what a span is: the spans of one trace, and whether it is kept.
CASES: Mapping[str, tuple[list[Span], bool]] = {
    "nothing special": ([_span()], False),
    "an error": ([_span(), _span(status=_ERROR)], True),
    "500 without an error": ([_span(attributes=[_number("http.response.status_code", 500)])], True),
    "599 by the old name": ([_span(attributes=[_number("http.status_code", 599)])], True),
    "499 is the client's": ([_span(attributes=[_number("http.response.status_code", 499)])], False),
    "600 is no status": ([_span(attributes=[_number("http.response.status_code", 600)])], False),
    "a status as text": ([_span(attributes=[text("http.response.status_code", "500")])], False),
    "gRPC UNAVAILABLE": ([_span(attributes=[_number("rpc.grpc.status_code", 14)])], True),
    "gRPC UNAVAILABLE by name": ([_span(attributes=[text("rpc.response.status_code", "UNAVAILABLE")])], True),
    "gRPC NOT_FOUND": ([_span(attributes=[_number("rpc.grpc.status_code", 5)])], False),
    "an exception": ([_span(events=[Span.Event(name="exception")])], True),
    "another event": ([_span(events=[Span.Event(name="retry")])], False),
    "exactly the threshold": ([_span(1000)], True),
    "a microsecond less": ([_span(999.999)], False),
    "a slow health check": ([_span(2000, attributes=[_CHECK])], False),
    "a failed health check": ([_span(attributes=[_CHECK], status=_ERROR)], True),
    "a slow trace that asks for another's health": (
        [_span(2000), _span(parent_span_id=b"12345678", attributes=[_CHECK])],
        True,
    ),
}


def _export(gateway: TraceServiceStub, trace_id: bytes, spans: list[Span], service: str = "shop") -> None:
    own = [Span.FromString(span.SerializeToString()) for span in spans]
    for span in own:
        span.trace_id, span.span_id = trace_id, secrets.token_bytes(8)
    resource = Resource(attributes=[text("service.name", service)])
    parts = [ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=own)])]
    gateway.Export(ExportTraceServiceRequest(resource_spans=parts), timeout=10)


def _spans_of(sink: Recorder, trace_id: bytes) -> int:
    return sum(span.trace_id == trace_id for _, _, span in sink.spans())


def _not_kept() -> int:
    """Return how many traces the gateway has decided not to keep because nothing asks for them."""
    metric = "otelcol_processor_tail_sampling_count_traces_sampled_total"
    return counted(GATEWAY, COLLECTOR_METRICS_PORT, metric, policy=NOT_KEPT, decision="dropped")


def _config() -> str:
    settings = settings_of("dojo", _CHANGES)
    return render(settings, checked_plan(settings)).gateway.replace("tempo.fawkes-observability.svc", TEMPO)


def test_each_trace_is_kept_or_not_as_the_settings_say(tmp_path: Path) -> None:
    ids = {name: secrets.token_bytes(16) for name in CASES}
    last = secrets.token_bytes(16)
    with recorder(TEMPO) as sink, collector(tmp_path, _config(), GATEWAY, {}) as gateway:
        for name, (spans, _) in CASES.items():
            _export(gateway, ids[name], spans)
        # Decided after all others.
        time.sleep(2)
        _export(gateway, last, [_span(status=_ERROR)])
        eventually(lambda: _spans_of(sink, last), "the last trace arrives", _DECIDED_SECONDS)
    found = {name: _spans_of(sink, ids[name]) for name in CASES}
    assert found == {name: len(spans) if kept else 0 for name, (spans, kept) in CASES.items()}


def test_a_root_that_fails_after_the_wait_is_kept_and_what_was_given_up_is_not(tmp_path: Path) -> None:
    """A request that times out after half a minute has children that ended long before."""
    late, kept = secrets.token_bytes(16), secrets.token_bytes(16)
    child, root = _span(parent_span_id=b"12345678"), _span(status=_ERROR)
    with recorder(TEMPO) as sink, collector(tmp_path, _config(), GATEWAY, {}) as gateway:
        _export(gateway, late, [child])
        _export(gateway, kept, [_span(status=_ERROR)])
        eventually(lambda: _spans_of(sink, kept), "the kept trace arrives", _DECIDED_SECONDS)
        eventually(lambda: _not_kept() == 1, "the early child is not kept", _DECIDED_SECONDS)
        for _ in range(_OTHERS):
            _export(gateway, secrets.token_bytes(16), [_span()])
        eventually(lambda: _not_kept() == 1 + _OTHERS, "the others are not kept", _DECIDED_SECONDS)
        _export(gateway, late, [root])
        _export(gateway, kept, [child])
        eventually(lambda: _spans_of(sink, late), "the late root arrives", _DECIDED_SECONDS)
        eventually(lambda: _spans_of(sink, kept) == 2, "a late span follows its kept trace", _DECIDED_SECONDS)
    assert _spans_of(sink, late) == 1


def test_a_noisy_service_is_limited_but_for_its_failed_traces(tmp_path: Path) -> None:
    slow, failed = [secrets.token_bytes(16) for _ in range(100)], [secrets.token_bytes(16) for _ in range(100)]
    with recorder(TEMPO) as sink, collector(tmp_path, _config(), GATEWAY, {}) as gateway:
        for one, other in zip(slow, failed, strict=True):
            _export(gateway, one, [_span(2000)] * 20, "noisy")
            _export(gateway, other, [_span(status=_ERROR)], "noisy")
        eventually(
            lambda: all(_spans_of(sink, each) for each in failed), "every failed trace arrives", _DECIDED_SECONDS
        )
        time.sleep(2)
    arrived = sum(bool(_spans_of(sink, each)) for each in slow)
    # 333 spans at once in each of two shards.
    assert 0 < arrived <= 2 * 333 // 20 + 1
