import base64
import json
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData
from rich.console import Console

from lab import trace
from lab.errors import LabError
from lab.request import Sent, checkout_request
from lab.service import Cluster, Service
from lab.trace import SpanView, draw, fetch, search, spans_of, wait_for
from tests.unit.lab.conftest import ApiServer

TEMPO = Service("fawkes", "tempo", 3200)


def tempos_answer(sent: Sent) -> dict[str, Any]:
    """Return a sent request as Tempo answers it: OTLP's JSON with `batches`, ids in base64."""
    return {"batches": MessageToDict(TracesData.FromString(sent.body))["resourceSpans"]}


@pytest.fixture
def spans() -> list[SpanView]:
    """The lab's own request, as it comes back."""
    return list(spans_of(tempos_answer(checkout_request())))


def drawn(spans: list[SpanView]) -> str:
    """Return the tree as text."""
    console = Console(width=120, no_color=True)
    with console.capture() as capture:
        console.print(draw(spans))
    return capture.get()


def test_spans_come_back_with_service_name_times_error_and_attributes(spans: list[SpanView]) -> None:
    """Everything that `make trace` shows comes from here."""
    (charge,) = (span for span in spans if span.name == "POST /charge")
    assert charge.service == "payment"
    assert charge.error == "card 4111 1111 1111 1111 declined"
    assert charge.end_ns - charge.start_ns == 390_000_000
    assert charge.attributes["http.route"] == "/charge"
    assert next(span for span in spans if span.name == "POST /checkout").error is None


def test_ids_are_hexadecimal_as_people_paste_them(spans: list[SpanView]) -> None:
    """Tempo's JSON writes them in base64, which no other tool takes."""
    answer = tempos_answer(checkout_request())
    encoded = answer["batches"][0]["scopeSpans"][0]["spans"][0]["spanId"]
    (first, *_) = spans_of(answer)
    assert first.span_id == base64.b64decode(encoded).hex()
    assert {len(span.span_id) for span in spans} == {16}


def test_the_tree_shows_who_called_whom_and_what_failed(spans: list[SpanView]) -> None:
    """A learner reads it from top to bottom: parents before children, in the order of time."""
    lines = drawn(spans).splitlines()
    assert lines[0].startswith("6 spans, 1840 ms")
    names = [
        "POST /checkout",
        "GET /cart/{id}",
        "POST /reserve",
        "SELECT stock",
        "POST /charge",
        "api.bank.example",
    ]
    assert [next(number for number, line in enumerate(lines) if name in line) for name in names] == list(
        range(1, 7)
    )
    assert "✗ 402 Payment Required" in lines[6]
    indent = [line.index("━") for line in lines[1:]]
    assert indent[0] < indent[3]


def test_a_span_whose_parent_is_missing_is_still_shown(spans: list[SpanView]) -> None:
    """Sampling, scrubbing and lost Pods make such traces, and those are the interesting ones."""
    orphans = [span for span in spans if span.name != "POST /reserve"]
    assert "SELECT stock" in drawn(orphans)


def test_a_search_asks_for_the_last_hour_and_returns_ids(cluster: Cluster, api_server: ApiServer) -> None:
    """Without a time range Tempo answers from recent data alone."""
    api_server.answer = lambda *_: (200, json.dumps({"traces": [{"traceID": "abc"}, {"traceID": "def"}]}).encode())
    assert search(cluster, TEMPO, "{ status = error }", limit=7) == ["abc", "def"]
    ((_, path, _),) = api_server.asked
    assert "/api/search?q=%7B+status+%3D+error+%7D&limit=7&start=" in path


def test_a_tempo_that_refuses_or_has_nothing_gives_nothing(cluster: Cluster, api_server: ApiServer) -> None:
    """While it starts it answers 503: the caller asks again."""
    api_server.answer = lambda *_: (503, b"starting")
    assert search(cluster, TEMPO, "{}") == []
    assert fetch(cluster, TEMPO, "abc") == []
    api_server.answer = lambda *_: (200, b"{}")
    assert search(cluster, TEMPO, "{}") == []


def test_waiting_asks_until_there_is_a_trace(
    cluster: Cluster, api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway takes its time to decide."""
    monkeypatch.setattr(trace, "_POLL_SECONDS", 0.0)
    answers = iter([b"{}", b"{}", b'{"traces": [{"traceID": "abc"}]}'])
    api_server.answer = lambda *_: (200, next(answers))
    assert wait_for(cluster, TEMPO, "{}", 30) == "abc"
    assert len(api_server.asked) == 3


def test_waiting_in_vain_says_for_what_and_where_to_look(cluster: Cluster) -> None:
    """The query can be repeated by hand."""
    with pytest.raises(LabError, match=r"not found within 0 s by \{ status = error \}") as failure:
        wait_for(cluster, TEMPO, "{ status = error }", 0.01)
    assert "make logs" in failure.value.fix
