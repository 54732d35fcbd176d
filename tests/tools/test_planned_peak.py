"""A real gateway with the memory of the plan, at the plan's peak, loses no trace and refuses no span."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from lab.monitoring.exposition import total
from plan.limits import checked_plan
from plan.memory_limiter import (
    GATEWAY_GC_PERCENTAGE,
    LIMITER_LIMIT_PERCENTAGE,
    LIMITER_SPIKE_PERCENTAGE,
    collector_go_memory_limit_mib,
)
from render.files import render
from render.names import COLLECTOR_METRICS_PORT, OTLP_GRPC_PORT
from settings.stack import StackSettings
from tests.cluster.traffic import text
from tests.support.stacks import settings_of
from tests.tools.flood import METHOD
from tests.tools.loopback import GATEWAY, TEMPO, collector, recorder
from tests.tools.self_metrics import samples_at

pytestmark = pytest.mark.tools

# 300 traces a second with the headroom, of ten spans from four services, for more than two waits of ten seconds.
_CHANGES: dict[str, Any] = {"sampling.baseline_percentage": 10}
_SECONDS, _REQUESTS_A_SECOND = 24.0, 20
_SERVICES = (3, 3, 3, 1)
# What the plan reserves for batches of many tenants and for an idle process, × 4/3 / 60 %. This gateway has one
# tenant and no outage to drain, so without the reserve its memory has to do for spans and garbage alone.
_RESERVE_MIB = 355
_PLACEHOLDER = b"\x01" * 16
_ATTRIBUTES = [
    text(f"attribute.number.{number}", "a value of usual length, some 40 bytes") for number in range(12)
]


def _requests(traces: int) -> Iterator[bytes]:
    """Yield requests with whole traces, each in one part for each of its services.

    As bytes that differ in the ids of the traces only: making spans would take the processor from the gateway.
    """
    template = ExportTraceServiceRequest(resource_spans=_trace(_PLACEHOLDER)).SerializeToString()
    while True:
        # Messages one after the other are one message with the parts of all.
        yield b"".join(template.replace(_PLACEHOLDER, secrets.token_bytes(16)) for _ in range(traces))


def _trace(trace_id: bytes) -> Iterator[ResourceSpans]:
    now = time.time_ns()
    for count in _SERVICES:
        spans = [
            Span(
                trace_id=trace_id,
                span_id=secrets.token_bytes(8),
                name="GET /cart",
                start_time_unix_nano=now,
                end_time_unix_nano=now + 10**6,
                attributes=_ATTRIBUTES,
            )
            for _ in range(count)
        ]
        yield ResourceSpans(resource=Resource(attributes=_ATTRIBUTES), scope_spans=[ScopeSpans(spans=spans)])


def _config(settings: StackSettings, container_mib: int) -> str:
    """Return the rendered gateway; a process without a container is told the container's memory in MiB."""
    rendered = render(settings, checked_plan(settings)).gateway
    config = yaml.safe_load(rendered.replace("tempo.fawkes-observability.svc", TEMPO))
    config["processors"]["memory_limiter"] = {
        "check_interval": "1s",
        "limit_mib": container_mib * LIMITER_LIMIT_PERCENTAGE // 100,
        "spike_limit_mib": container_mib * LIMITER_SPIKE_PERCENTAGE // 100,
    }
    return str(yaml.safe_dump(config, sort_keys=False))


def _metric(name: str) -> float:
    return total(samples_at(GATEWAY, COLLECTOR_METRICS_PORT), f"otelcol_processor_tail_sampling_{name}_total")


def _send(traces_per_second: float) -> tuple[int, int]:
    """Send at a steady rate; return the traces that were sent and those that were refused."""
    each, sent, refused = round(traces_per_second / _REQUESTS_A_SECOND), 0, 0
    requests = _requests(each)
    with grpc.insecure_channel(f"{GATEWAY}:{OTLP_GRPC_PORT}") as channel:
        export: Any = channel.unary_unary(METHOD)
        began = time.monotonic()
        while (elapsed := time.monotonic() - began) < _SECONDS:
            time.sleep(max(0.0, sent / traces_per_second - elapsed))
            try:
                export(next(requests), timeout=20)
            except grpc.RpcError:
                refused += each
            sent += each
    return sent, refused


def test_a_gateway_at_its_planned_peak_loses_and_refuses_nothing(tmp_path: Path) -> None:
    settings = settings_of("dojo", _CHANGES)
    load, plan = settings.load, checked_plan(settings).gateway
    container_mib = plan.memory_limit_mib - _RESERVE_MIB
    rate = load.peak_spans_per_second / load.spans_per_trace * load.headroom
    environment = {
        "GOMEMLIMIT": f"{collector_go_memory_limit_mib(container_mib)}MiB",
        "GOGC": str(GATEWAY_GC_PERCENTAGE),
    }
    with (
        recorder(TEMPO),
        collector(tmp_path, _config(settings, container_mib), GATEWAY, environment),
    ):
        sent, refused = _send(rate)
        decided = _metric("global_count_traces_sampled")
        early = _metric("sampling_trace_dropped_too_early")
    assert (refused, early) == (0, 0)
    # A loaded machine may send less, but far less would be no peak.
    assert sent > 0.5 * rate * _SECONDS
    assert decided > 0
