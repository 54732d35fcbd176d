"""A search that takes longer than half a minute answers: a real Tempo searches a store that does not respond."""

import secrets
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from plan.limits import checked_plan
from render.files import Rendered, render
from render.names import (
    MINIO_PORT,
    OTLP_HTTP_PORT,
    TEMPO_ADDRESS_VARIABLE,
    TEMPO_DATA_FOLDER,
    TEMPO_HTTP_PORT,
    TEMPO_OVERRIDES_FILE,
    TEMPO_OVERRIDES_FOLDER,
)
from render.text import to_yaml
from tests.cluster.tempo_api import TempoApi
from tests.support.processes import Processes, processes
from tests.support.stacks import merge, settings_of
from tests.support.tools import Tempo, tempo_of
from tests.support.waiting import eventually
from tests.tools.loopback import MONOLITH_GRPC, address, answers, direct_session
from tests.tools.spans import failed_trace
from tests.tools.store import start_store

pytestmark = pytest.mark.tools

_TEMPO, _STORE = address(50), address(51)
# Longer than Tempo's default limits for a connection and for one part of a search, 30 s each.
_FROZEN_SECONDS = 33.0
# A trace is in the bucket, and searched there, after seconds instead of minutes.
_QUICK: Mapping[str, Any] = {
    "ingester": {
        "trace_idle_period": "1s",
        "flush_check_period": "1s",
        "max_block_duration": "2s",
        "complete_block_timeout": "1s",
    },
    "storage": {"trace": {"blocklist_poll": "2s"}},
    "query_frontend": {"search": {"query_backend_after": "1s", "query_ingesters_until": "2s"}},
}
_FLUSHED_SECONDS = 60.0


def _start(running: Processes, tempo: Tempo, bucket: str, rendered: Rendered) -> None:
    """Start the store, and the rendered monolith with other addresses, folders and shorter times."""
    store = f"{_STORE}:{MINIO_PORT}"
    keys = start_store(running, store, bucket)
    own: Mapping[str, Any] = {
        "server": {"http_listen_address": _TEMPO, **MONOLITH_GRPC},
        "distributor": {
            "receivers": {
                "otlp": {
                    "protocols": {
                        "grpc": {"endpoint": f"{_TEMPO}:4317"},
                        "http": {"endpoint": f"{_TEMPO}:{OTLP_HTTP_PORT}"},
                    }
                }
            }
        },
        "storage": {"trace": {"s3": {"endpoint": store}}},
    }
    (running.folder / TEMPO_OVERRIDES_FILE).write_text(rendered.tempo_overrides, encoding="utf-8")
    text = rendered.tempo.replace(TEMPO_DATA_FOLDER, str(running.folder))
    text = text.replace(TEMPO_OVERRIDES_FOLDER, str(running.folder))
    config = merge(merge(yaml.safe_load(text), _QUICK), own)
    (running.folder / "tempo.yaml").write_text(to_yaml(config), encoding="utf-8")
    flags = (f"-config.file={running.folder}/tempo.yaml", "-config.expand-env=true")
    running.start("tempo", [tempo.program, *flags], {**keys, TEMPO_ADDRESS_VARIABLE: _TEMPO})
    eventually(lambda: answers(f"http://{_TEMPO}:{TEMPO_HTTP_PORT}/ready"), "Tempo is ready")


def _write(session: requests.Session) -> str:
    """Send a trace and return its id."""
    trace_id = secrets.token_bytes(16)
    answer = session.post(
        f"http://{_TEMPO}:{OTLP_HTTP_PORT}/v1/traces",
        data=failed_trace(trace_id, 1, 100).SerializeToString(),
        headers={"Content-Type": "application/x-protobuf"},
        timeout=20,
    )
    answer.raise_for_status()
    return trace_id.hex()


def test_a_search_of_over_half_a_minute_answers(tmp_path: Path) -> None:
    """With Tempo's defaults its connection is closed instead."""
    # Only 2.x has ingesters.
    tempo = tempo_of(2)
    settings = settings_of("dojo", tempo.settings)
    with processes(tmp_path) as running, direct_session() as session:
        _start(running, tempo, settings.object_store.bucket, render(settings, checked_plan(settings)))
        trace_id = _write(session)
        api = TempoApi(f"http://{_TEMPO}:{TEMPO_HTTP_PORT}", session)
        api.wait_for(trace_id, "blocks", _FLUSHED_SECONDS)
        # From here on only the bucket has the trace.
        time.sleep(5)
        begin = time.monotonic()
        with running.frozen("minio"):
            found: list[str] = []
            search = threading.Thread(target=lambda: found.extend(api.search("{}")))
            search.start()
            search.join(_FROZEN_SECONDS)
        search.join()
        assert time.monotonic() - begin > _FROZEN_SECONDS
        assert found == [trace_id]
