"""A real Tempo finds a trace by its own time, although it arrived an hour late, or comes from the future."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from plan.limits import checked_plan
from render.files import render
from render.names import OTLP_GRPC_PORT, TEMPO_DATA_FOLDER, TEMPO_HTTP_PORT
from tests.cluster.tempo_api import Query
from tests.support.processes import processes
from tests.support.stacks import settings_of
from tests.support.tools import Tempo, tempos
from tests.support.waiting import eventually
from tests.tools.loopback import MONOLITH_GRPC, TEMPO, answers, direct_session, listening_at
from tests.tools.spans import failed_trace

pytestmark = pytest.mark.tools

_LATE_SECONDS, _AROUND_SECONDS = 3600, 300
# The clock of its sender is ahead.
_AHEAD_SECONDS = 400
# A block is flushed after ten seconds and found after five, on a busy machine later.
_QUICK: dict[str, Any] = {
    "tempo.trace_idle_seconds": 1,
    "tempo.max_block_duration_seconds": 10,
    "tempo.blocklist_poll_seconds": 5,
}
_FOUND_SECONDS = 120.0


def _config(tempo: Tempo, folder: Path) -> str:
    """Return the dojo's configuration for a process on loopback with local blocks; also write its limits."""
    settings = settings_of("dojo", _QUICK | tempo.settings)
    rendered = render(settings, checked_plan(settings))
    (folder / "overrides.yaml").write_text(rendered.tempo_overrides, encoding="utf-8")
    text = rendered.tempo.replace("0.0.0.0", TEMPO).replace(TEMPO_DATA_FOLDER, str(folder / "data"))  # noqa: S104
    config: dict[str, Any] = yaml.safe_load(listening_at(TEMPO, text))
    config["server"] |= {"http_listen_address": TEMPO, **MONOLITH_GRPC}
    config["storage"]["trace"] |= {"backend": "local", "local": {"path": str(folder / "blocks")}}
    config["overrides"]["per_tenant_override_config"] = str(folder / "overrides.yaml")
    return yaml.safe_dump(config)


def _send(trace_id: bytes, age_seconds: int) -> None:
    trace = failed_trace(trace_id, spans=1, span_bytes=100)
    (span,) = trace.resource_spans[0].scope_spans[0].spans
    span.start_time_unix_nano -= age_seconds * 10**9
    span.end_time_unix_nano -= age_seconds * 10**9
    with grpc.insecure_channel(f"{TEMPO}:{OTLP_GRPC_PORT}") as channel:
        TraceServiceStub(channel).Export(trace, timeout=10)  # type: ignore[no-untyped-call]


def _found(around: float) -> list[str]:
    """Return the ids of the traces that a search a few minutes around a time finds."""
    query: Query = {
        "q": "{ status = error }",
        "start": int(around - _AROUND_SECONDS),
        "end": int(around + _AROUND_SECONDS),
    }
    with direct_session() as session:
        url = f"http://{TEMPO}:{TEMPO_HTTP_PORT}/api/search"
        answer = session.get(url, params=query, timeout=20.0)
    answer.raise_for_status()
    return [str(trace["traceID"]) for trace in answer.json().get("traces", [])]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[None]:
    """Run Tempo."""
    tempo = tempos()[0]
    (tmp_path / "tempo.yaml").write_text(_config(tempo, tmp_path), encoding="utf-8")
    with processes(tmp_path) as found:
        found.start("tempo", [tempo.program, f"-config.file={tmp_path}/tempo.yaml"], {})
        eventually(lambda: answers(f"http://{TEMPO}:{TEMPO_HTTP_PORT}/ready"), "Tempo is ready", _FOUND_SECONDS)
        yield
        found.assert_alive()


def _new_id() -> bytes:
    # The first digit is not 0: Tempo omits zeros in front of an id.
    return b"\x10" + secrets.token_bytes(15)


@pytest.mark.usefixtures("running")
def test_a_trace_that_is_an_hour_late_is_found_by_its_own_time() -> None:
    """With Tempo's default its block would say that it contains nothing older than two minutes."""
    trace_id, began = _new_id(), time.time() - _LATE_SECONDS
    _send(trace_id, _LATE_SECONDS)
    eventually(lambda: trace_id.hex() in _found(began), "the late trace is found", _FOUND_SECONDS)


@pytest.mark.usefixtures("running")
def test_a_trace_of_the_future_is_found_by_its_own_time_and_by_no_search_before() -> None:
    trace_id, began = _new_id(), time.time() + _AHEAD_SECONDS
    _send(trace_id, -_AHEAD_SECONDS)
    eventually(lambda: trace_id.hex() in _found(began), "the trace of the future is found", _FOUND_SECONDS)
    assert trace_id.hex() not in _found(began - _AHEAD_SECONDS)
