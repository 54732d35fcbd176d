"""Measure a tenant's cost in a gateway: `python -m tests.tools.routing_cost 1 4 16 50`, a minute for four.

For each number of tenants, without and with a long-term tier, this prints the rendered gateway's CPU time per kept
span; all spans are kept. Scrubbing is left out unless an argument is `scrubbed`: it costs so much more that it
would hide the difference.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from lab.monitoring.exposition import total
from plan.plan import make_plan
from render.collectors.scrubbing import scrubbing
from render.files import render
from render.names import COLLECTOR_METRICS_PORT
from tests.cluster.traffic import text
from tests.support.stacks import ABSENT, PLAINTEXT, settings_of
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, TEMPO, TEMPO_HOST, collector, recorder
from tests.tools.self_metrics import samples_at

_REQUESTS, _TRACES_A_REQUEST, _SPANS_A_TRACE = 200, 50, 4
_SPANS = _REQUESTS * _TRACES_A_REQUEST * _SPANS_A_TRACE
# Ten per span and, with the namespace, five per resource, as usual instrumentation writes.
_SPAN_ATTRIBUTES = [text(f"attribute.number.{number}", "a value of usual length") for number in range(10)]
_RESOURCE_ATTRIBUTES = [text(f"k8s.attribute.{number}", "cart-7d9f8-abcde") for number in range(4)]
_RETENTION = {False: ABSENT, True: 720}


def configuration(tenants: int, *, long_term: bool, scrubbed: bool) -> str:
    """Return the rendered gateway config for a number of tenants, which includes the default tenant."""
    settings = settings_of(
        "prod",
        {
            "tenants.mode": "by_namespace" if tenants > 1 else "single",
            "tenants.namespaces": [f"team-{number}" for number in range(1, tenants)],
            "retention.long_term_hours": _RETENTION[long_term],
            "sampling.baseline_percentage": 100,
            "sampling.decision_wait_seconds": 5,
            **PLAINTEXT,
        },
    )
    config = yaml.safe_load(render(settings, make_plan(settings)).gateway.replace(TEMPO_HOST, TEMPO))
    if not scrubbed:
        for name in scrubbing(settings.scrubbing):
            del config["processors"][name]
            config["service"]["pipelines"]["traces"]["processors"].remove(name)
    return str(yaml.safe_dump(config, sort_keys=False))


def traffic(tenants: int) -> Iterator[ExportTraceServiceRequest]:
    """Yield requests with healthy traces, each request from one namespace."""
    for _ in range(_REQUESTS):
        namespace = text("k8s.namespace.name", f"team-{random.randrange(tenants)}")  # noqa: S311 - load
        spans = [
            Span(trace_id=trace, span_id=random.randbytes(8), name="GET /cart", attributes=_SPAN_ATTRIBUTES)  # noqa: S311
            for trace in (random.randbytes(16) for _ in range(_TRACES_A_REQUEST))  # noqa: S311
            for _ in range(_SPANS_A_TRACE)
        ]
        resource = Resource(attributes=[namespace, *_RESOURCE_ATTRIBUTES])
        yield ExportTraceServiceRequest(
            resource_spans=[ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=spans)])]
        )


def metric(name: str) -> float:
    """Return the sum of one of the gateway's own metrics."""
    return total(samples_at(GATEWAY, COLLECTOR_METRICS_PORT), name)


def measure(tenants: int, *, long_term: bool, scrubbed: bool) -> str:
    """Run one gateway and return a line of the table."""
    prepared = list(traffic(tenants))
    config = configuration(tenants, long_term=long_term, scrubbed=scrubbed)
    with (
        tempfile.TemporaryDirectory() as folder,
        recorder(TEMPO),
        collector(Path(folder), config, GATEWAY, {}) as gateway,
    ):
        time.sleep(1)
        idle = metric("otelcol_process_memory_rss_bytes") / 2**20
        before = metric("otelcol_process_cpu_seconds_total")
        for request in prepared:
            gateway.Export(request, timeout=20)
        eventually(lambda: metric("otelcol_exporter_sent_spans_total") >= _SPANS, "every span is sent")
        # The long-term tier is sent one decision wait and one batch later.
        time.sleep(4)
        cost = (metric("otelcol_process_cpu_seconds_total") - before) / _SPANS
    return f"{tenants:7} {'yes' if long_term else 'no':9} {cost * 1e6:15.1f} {idle:8.0f}"


def main(arguments: list[str]) -> None:
    """Print the table."""
    scrubbed = "scrubbed" in arguments
    print("tenants long-term µs a kept span idle MiB")
    for tenants in (int(argument) for argument in arguments if argument != "scrubbed"):
        for long_term in _RETENTION:
            print(measure(tenants, long_term=long_term, scrubbed=scrubbed), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
