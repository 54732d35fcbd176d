"""Tempo's own receiver takes what a gateway compresses: it refuses requests in a compression that it lacks."""

from pathlib import Path
from typing import Any

import pytest

from render.names import TEMPO_HTTP_PORT
from render.text import to_yaml
from tests.support.processes import Processes, processes
from tests.support.tools import Tempo, tempos
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, MONOLITH_GRPC, address, answers, collector
from tests.tools.self_metrics import counted
from tests.tools.spans import failed_trace
from tests.tools.tenants import gateway_config

pytestmark = pytest.mark.tools

_TEMPO = address(52)
# A decision wait, a batch, and the start of the sampler's next tick.
_STORED_SECONDS = 40.0


def _start(running: Processes, tempo: Tempo) -> None:
    """Start a Tempo that takes spans for any tenant and keeps them in a folder."""
    config: dict[str, Any] = {
        "multitenancy_enabled": True,
        "server": {"http_listen_address": _TEMPO, "http_listen_port": TEMPO_HTTP_PORT, **MONOLITH_GRPC},
        "distributor": {"receivers": {"otlp": {"protocols": {"grpc": {"endpoint": f"{_TEMPO}:4317"}}}}},
        "storage": {
            "trace": {
                "backend": "local",
                "local": {"path": str(running.folder / "blocks")},
                "wal": {"path": str(running.folder / "wal")},
            }
        },
    }
    (running.folder / "tempo.yaml").write_text(to_yaml(dict(config)), encoding="utf-8")
    running.start("tempo", [tempo.program, f"-config.file={running.folder}/tempo.yaml"], {})
    eventually(lambda: answers(f"http://{_TEMPO}:{TEMPO_HTTP_PORT}/ready"), "Tempo is ready")


def test_a_span_that_a_gateway_compressed_is_received_by_tempo(tmp_path: Path) -> None:
    config = gateway_config(tempo=_TEMPO)
    assert "compression: zstd" in config

    def received() -> bool:
        metric = "tempo_distributor_spans_received_total"
        return counted(_TEMPO, TEMPO_HTTP_PORT, metric, tenant="team-a") == 1

    with processes(tmp_path) as running:
        _start(running, tempos()[0])
        (tmp_path / "gateway").mkdir()
        with collector(tmp_path / "gateway", config, GATEWAY, {}, compression="zstd") as gateway:
            gateway.Export(failed_trace(b"\x07" * 16, 1, 100), timeout=10)
            eventually(received, "Tempo has received the span", _STORED_SECONDS)
