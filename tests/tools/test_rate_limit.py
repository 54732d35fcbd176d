"""A tenant over its rate is delayed and loses nothing: a real gateway sends to a real Tempo that refuses."""

import secrets
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.limits import checked_plan
from render.files import render
from render.names import COLLECTOR_METRICS_PORT, TEMPO_HTTP_PORT
from tests.support.processes import processes
from tests.support.stacks import settings_of
from tests.support.tools import tempos
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, TEMPO, collector
from tests.tools.monolith import start_monolith
from tests.tools.self_metrics import counted
from tests.tools.spans import failed_trace

pytestmark = pytest.mark.tools

# 12 MB at once against a burst of 4 MB, then 0.4 MB a second: most of it must be sent again a few times, even if a
# busy machine takes ten seconds to send it. A request is a batch of 2 048 spans and the rest of a trace, 2.4 MB;
# over the burst it would be refused every time.
_TRACES, _SPANS_EACH, _SPAN_BYTES = 60, 200, 1000
_RATE_BYTES, _BURST_BYTES = 400_000, 4_000_000
_DELIVERED_SECONDS = 180.0


def _send(gateway: TraceServiceStub) -> None:
    for _ in range(_TRACES):
        gateway.Export(failed_trace(secrets.token_bytes(16), _SPANS_EACH, _SPAN_BYTES), timeout=20)


def test_spans_over_a_tenants_rate_come_again_until_tempo_takes_them(tmp_path: Path) -> None:
    """A collector drops refused spans unless the refusal contains a retry delay."""
    tempo = tempos()[0]
    settings = settings_of("dojo", {"sampling.decision_wait_seconds": 5} | tempo.settings)
    rendered = render(settings, checked_plan(settings))
    everything = _TRACES * _SPANS_EACH
    gateway_config = rendered.gateway.replace("tempo.fawkes-observability.svc", TEMPO)
    with processes(tmp_path) as running:
        start_monolith(
            running, tempo.program, rendered, {"rate_limit_bytes": _RATE_BYTES, "burst_size_bytes": _BURST_BYTES}
        )
        with collector(tmp_path, gateway_config, GATEWAY, {}) as gateway:
            _send(gateway)
            eventually(
                lambda: (
                    counted(GATEWAY, COLLECTOR_METRICS_PORT, "otelcol_exporter_sent_spans_total") >= everything
                ),
                "every span is delivered",
                _DELIVERED_SECONDS,
            )
        refused = counted(TEMPO, TEMPO_HTTP_PORT, "tempo_discarded_spans_total", reason="rate_limited")
        taken = counted(TEMPO, TEMPO_HTTP_PORT, "tempo_distributor_spans_received_total")
    assert refused > 0, "the limit was never reached, so nothing was shown"
    assert taken == everything
