"""A tenant over its rate is delayed and loses nothing: a real gateway sends to a real Tempo that refuses."""

import secrets
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.limits import checked_plan
from render.files import Rendered, render
from render.names import COLLECTOR_METRICS_PORT, TEMPO_ADDRESS_VARIABLE, TEMPO_DATA_FOLDER, TEMPO_HTTP_PORT
from tests.support.processes import Processes, processes
from tests.support.stacks import settings_of
from tests.support.tools import tempos
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, MONOLITH_GRPC, TEMPO, collector, direct_session, listening_at
from tests.tools.spans import failed_trace

pytestmark = pytest.mark.tools

# 12 MB at once against a burst of 4 MB, then 0.4 MB a second: most of it must be sent again a few times, even if a
# busy machine takes ten seconds to send it. A request is a batch of 2 048 spans and the rest of a trace, 2.4 MB;
# over the burst it would be refused every time.
_TRACES, _SPANS_EACH, _SPAN_BYTES = 60, 200, 1000
_RATE_BYTES, _BURST_BYTES = 400_000, 4_000_000
_DELIVERED_SECONDS = 180.0


def _tempo(running: Processes, program: Path, rendered: Rendered) -> None:
    config: dict[str, Any] = yaml.safe_load(
        listening_at(TEMPO, rendered.tempo).replace(TEMPO_DATA_FOLDER, str(running.folder / "data"))
    )
    config["server"] |= {"http_listen_address": TEMPO, **MONOLITH_GRPC}
    # Counting the accepted spans needs no object store.
    config["storage"]["trace"] |= {"backend": "local", "local": {"path": str(running.folder / "blocks")}}
    overrides: dict[str, Any] = yaml.safe_load(rendered.tempo_overrides)
    limits = {"rate_limit_bytes": _RATE_BYTES, "burst_size_bytes": _BURST_BYTES}
    for block in overrides["overrides"].values():
        block["ingestion"] |= limits
    config["overrides"]["per_tenant_override_config"] = str(running.folder / "overrides.yaml")
    (running.folder / "overrides.yaml").write_text(yaml.safe_dump(overrides), encoding="utf-8")
    (running.folder / "tempo.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    flags = (f"-config.file={running.folder}/tempo.yaml", "-config.expand-env=true")
    running.start("tempo", [program, *flags], {TEMPO_ADDRESS_VARIABLE: TEMPO})
    eventually(lambda: _counted(TEMPO, TEMPO_HTTP_PORT, "tempo_build_info"), "Tempo answers")


def _counted(host: str, port: int, metric: str, label: str = "") -> int:
    """Return the sum of a metric's series that have a label; 0 while the server does not answer."""
    try:
        with direct_session() as session:
            lines = session.get(f"http://{host}:{port}/metrics", timeout=2.0).text.splitlines()
    except requests.RequestException:
        return 0
    return sum(int(float(line.rpartition(" ")[2])) for line in lines if line.startswith(metric) and label in line)


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
        _tempo(running, tempo.program, rendered)
        with collector(tmp_path, gateway_config, GATEWAY, {}) as gateway:
            _send(gateway)
            eventually(
                lambda: _counted(GATEWAY, COLLECTOR_METRICS_PORT, "otelcol_exporter_sent_spans") >= everything,
                "every span is delivered",
                _DELIVERED_SECONDS,
            )
        refused = _counted(TEMPO, TEMPO_HTTP_PORT, "tempo_discarded_spans_total", "rate_limited")
        taken = _counted(TEMPO, TEMPO_HTTP_PORT, "tempo_distributor_spans_received_total")
    assert refused > 0, "the limit was never reached, so nothing was shown"
    assert taken == everything
