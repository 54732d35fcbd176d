"""Planted secrets must be readable nowhere in Tempo; what makes a trace useful must still be there."""

from collections.abc import Iterator, Mapping

import pytest
import requests
from google.protobuf.json_format import MessageToJson, ParseDict
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from render.names import AGENT, OTLP_HTTP_PORT, TEMPO
from tests.cluster.planted import ATTRIBUTES, HARMLESS, PATH, SCRUBBED_STATEMENT, PlantedTrace, planted_trace
from tests.cluster.tempo_api import FIND_SECONDS, TempoApi, spans_in, tempo_api
from tests.cluster.traffic import RUN
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

# TraceQL's scopes of attributes.
_SCOPES = ("span", "resource", "event", "instrumentation")
_INTRINSICS = ("name", "statusMessage", "event:name")


@pytest.fixture
def tempo(dojo: LiveStack) -> Iterator[TempoApi]:
    """The deployed Tempo."""
    with tempo_api(dojo) as api:
        yield api


def test_no_planted_secret_is_readable_anywhere_in_tempo(dojo: LiveStack, tempo: TempoApi) -> None:
    """Whoever may search traces must not find a password, whatever interface they use."""
    sent = _send(dojo, AGENT)
    seen = _everything(tempo, sent)
    leaks = {where: sorted(_sources_with(seen, secret)) for secret, where in sent.secrets.items()}
    assert {where: sources for where, sources in leaks.items() if sources} == {}


def test_the_same_secrets_are_readable_when_the_gateway_is_bypassed(dojo: LiveStack, tempo: TempoApi) -> None:
    """This shows that the test above looks in the right places: every planted secret is found there."""
    sent = _send(dojo, TEMPO)
    seen = _everything(tempo, sent)
    assert [where for secret, where in sent.secrets.items() if "trace" not in _sources_with(seen, secret)] == []
    for place in ("search", "tag values"):
        assert any(place in _sources_with(seen, secret) for secret in sent.secrets), place


def test_what_makes_a_trace_useful_survives_scrubbing(dojo: LiveStack, tempo: TempoApi) -> None:
    """A scrubber that masks too much gets switched off."""
    sent = _send(dojo, AGENT)
    document = tempo.wait_for(sent.trace_id)
    (span,) = (
        ParseDict({"resourceSpans": document["batches"]}, TracesData()).resource_spans[0].scope_spans[0].spans
    )
    kept = {attribute.key: attribute.value for attribute in span.attributes}
    assert {key: kept[key] for key in HARMLESS} == dict(HARMLESS)
    assert kept["db.statement"] == kept["db.query.text"] == AnyValue(string_value=SCRUBBED_STATEMENT)
    for url in ("http.url", "url.full"):
        assert PATH in kept[url].string_value
        assert kept[url].string_value.endswith("&page=2")
    for field in ("trace_id", "span_id", "start_time_unix_nano", "end_time_unix_nano"):
        assert getattr(span, field) == getattr(sent.span, field)
    assert span.status.code == sent.span.status.code
    assert span.events[0].time_unix_nano == sent.span.events[0].time_unix_nano
    assert span.name.startswith("GET /pay?")


def _send(stack: LiveStack, service: str) -> PlantedTrace:
    sent = planted_trace()
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(
            f"http://{stack.address(service)}:{OTLP_HTTP_PORT}/v1/traces",
            data=sent.request.SerializeToString(),
            headers={"Content-Type": "application/x-protobuf"},
            timeout=10,
        )
    assert answer.ok, answer.text
    return sent


def _everything(tempo: TempoApi, sent: PlantedTrace) -> dict[str, str]:
    """Return every response in which Tempo shows the trace, by its interface."""
    this = f'{{ span.{RUN} = "{sent.run}" }}'
    tempo.wait_for(sent.trace_id)
    eventually(lambda: sent.trace_id in tempo.search(this), "a search finds the trace", FIND_SECONDS)
    seen = {
        "trace": _text(tempo, f"/api/traces/{sent.trace_id}"),
        "trace v2": _text(tempo, f"/api/v2/traces/{sent.trace_id}"),
    }
    protobuf = tempo.get(f"/api/traces/{sent.trace_id}", accept="application/protobuf").content
    seen["protobuf"] = protobuf.decode(errors="replace") + MessageToJson(TracesData.FromString(protobuf))
    assert spans_in(tempo.trace(sent.trace_id) or {})
    seen["search"] = "".join(_selected(tempo, this, scope) for scope in _SCOPES)
    seen["tag values"] = "".join(_tag_values(tempo, this))
    return seen


def _selected(tempo: TempoApi, this: str, scope: str) -> str:
    wanted = ", ".join([*(f"{scope}.{key}" for key in ATTRIBUTES), *_INTRINSICS])
    return _text(tempo, "/api/search", q=f"{this} | select({wanted})", limit=5, spss=10)


def _tag_values(tempo: TempoApi, this: str) -> Iterator[str]:
    yield _text(tempo, "/api/v2/search/tags")
    for tag in _INTRINSICS:
        yield _text(tempo, f"/api/v2/search/tag/{tag}/values", q=this)
    for key in ATTRIBUTES:
        yield _text(tempo, f"/api/search/tag/{key}/values")
        for scope in _SCOPES:
            yield _text(tempo, f"/api/v2/search/tag/{scope}.{key}/values", q=this)


def _text(tempo: TempoApi, path: str, **query: str | int) -> str:
    answer = tempo.get(path, query)
    assert answer.ok, f"{path} {query}: {answer.text}"
    return answer.text


def _sources_with(seen: Mapping[str, str], secret: str) -> set[str]:
    return {source for source, text in seen.items() if secret in text}
