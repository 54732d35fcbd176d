"""The collector and Tempo that run here expose what the records of metric names say, and boards ask for."""

import pytest

from plan.limits import checked_plan
from render.files import render
from render.names import COLLECTOR_METRICS_PORT, TEMPO_HTTP_PORT
from tests.support.boards import boards_of
from tests.support.processes import processes
from tests.support.promql import metric_names, recorded
from tests.support.queries import queries_of
from tests.support.stacks import settings_of
from tests.support.tools import tempos
from tests.support.waiting import eventually
from tests.tools.loopback import GATEWAY, TEMPO, collector
from tests.tools.monolith import start_monolith
from tests.tools.self_metrics import samples_at
from tests.tools.spans import failed_trace

pytestmark = pytest.mark.tools

_TRACE_ID = bytes(range(1, 17))


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the names at the start and under load of the dojo's gateway, and at the start of its Tempo."""
    folder = tmp_path_factory.mktemp("names")
    tempo = tempos()[0]
    settings = settings_of("dojo", {"sampling.decision_wait_seconds": 5} | tempo.settings)
    rendered = render(settings, checked_plan(settings))
    with processes(folder) as running:
        start_monolith(running, tempo.program, rendered)
        found = {"tempo at start": _names(TEMPO, TEMPO_HTTP_PORT)}
        config = rendered.gateway.replace("tempo.fawkes-observability.svc", TEMPO)
        with collector(folder, config, GATEWAY, {}) as gateway:
            found["gateway at start"] = _names(GATEWAY, COLLECTOR_METRICS_PORT)
            gateway.Export(failed_trace(_TRACE_ID, 3, 100), timeout=10)
            eventually(
                lambda: "otelcol_exporter_sent_spans_total" in _names(GATEWAY, COLLECTOR_METRICS_PORT),
                "the trace is delivered",
            )
            found["gateway under load"] = _names(GATEWAY, COLLECTOR_METRICS_PORT)
        running.kill_all()
    return found


def asked(*boards: str) -> set[str]:
    """Return the metrics that these boards of the dojo ask for."""
    return {
        name
        for board in boards_of("dojo")
        if board["uid"].removeprefix("fawkes-tracing-") in boards
        for query in queries_of(board)
        if query.language == "promql"
        for name in metric_names(query.expr)
    }


def test_the_gateway_exposes_at_its_start_what_is_recorded(exposed: dict[str, set[str]]) -> None:
    record = recorded("otelcol-0.159.0")
    at_start = {name for name, found in record.items() if found.source == "at start"}
    assert len(at_start) > 5
    assert at_start - exposed["gateway at start"] == set()


def test_the_gateway_exposes_under_load_what_the_boards_ask_for(exposed: dict[str, set[str]]) -> None:
    record = recorded("otelcol-0.159.0")
    after_an_event = {name for name, found in record.items() if found.source.endswith(".md")}
    wanted = asked("sampling", "masking") - after_an_event
    assert len(wanted) > 10
    assert wanted - exposed["gateway under load"] == set()


def test_tempo_exposes_at_its_start_what_the_board_asks_for(exposed: dict[str, set[str]]) -> None:
    record = recorded("tempo-2.10.8")
    wanted = {name for name in asked("tempo") if record[name].source == "at start"}
    assert len(wanted) > 8
    assert wanted - exposed["tempo at start"] == set()


def _names(host: str, port: int) -> set[str]:
    return {sample.name for sample in samples_at(host, port)}
