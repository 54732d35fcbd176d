import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from lab.cluster.service import Cluster, Service
from lab.errors import LabError
from lab.traces.request import checkout_request
from lab.traces.tempo import Tempo, TempoAwayError, checked_id, fetch, search, tempo_of
from tests.lab.conftest import Answer, ApiServer
from tests.lab.traces.test_trace import tempos_trace
from tests.support.stacks import settings_of

NOTHING: Answer = (200, b"{}")
Asking = Callable[[Tempo], object]
ASKED: list[Asking] = [lambda tempo: search(tempo, "{ a = 1 }"), lambda tempo: fetch(tempo, "abc")]


def status(code: int, message: str) -> Answer:
    """Return an answer that the API server makes by itself."""
    return code, json.dumps({"kind": "Status", "code": code, "message": message}).encode()


@pytest.fixture
def tempo(cluster: Cluster) -> Tempo:
    """A Tempo without tenants."""
    return Tempo(cluster, Service("fawkes", "tempo", 3200))


def test_a_search_asks_for_the_last_hour_and_returns_ids(tempo: Tempo, api_server: ApiServer) -> None:
    """Without a time range Tempo answers from recent data alone."""
    api_server.answer = lambda *_: (200, b'{"traces": [{"traceID": "abc"}, {"traceID": "def"}]}')
    found, notes = search(tempo, "{ status = error }", limit=7)
    assert found == {"abc": ("",), "def": ("",)}
    assert notes == []
    ((_, path, _),) = api_server.asked
    asked = parse_qs(urlsplit(path).query)
    assert asked["q"] == ["{ status = error }"]
    assert abs(int(asked["start"][0]) - (time.time() - 3600)) < 60
    assert "x-scope-orgid" not in api_server.headers[0]


def test_nothing_found_is_no_error(tempo: Tempo, api_server: ApiServer) -> None:
    api_server.answer = lambda *_: NOTHING
    found, notes = search(tempo, "{}")
    assert not found
    assert notes[0].startswith("Nothing found in the last hour, until ")
    assert not fetch(tempo, "abc").spans
    api_server.answer = lambda *_: (404, b"trace not found")
    assert not fetch(tempo, "abc").spans


def test_a_refused_query_is_told_with_tempos_reason_and_the_query(tempo: Tempo, api_server: ApiServer) -> None:
    """To whoever reads "nothing found" instead, it is the traces that are missing."""
    api_server.answer = lambda *_: (400, b"invalid TraceQL query: parse error at line 1, col 3\x1b[2J")
    with pytest.raises(LabError, match="parse error at line 1, col 3") as refusal:
        search(tempo, "{ a b")
    assert "{ a b" in refusal.value.what
    assert r"\x1b[2J" in refusal.value.what
    with pytest.raises(LabError, match="trace abc"):
        fetch(tempo, "abc")


def test_a_tempo_with_tenants_that_the_stack_file_does_not_have_is_told(
    tempo: Tempo, api_server: ApiServer
) -> None:
    """The file is of another stack than the one deployed, which TraceQL cannot mend."""
    api_server.answer = lambda *_: (401, b"no org id")
    with pytest.raises(LabError, match="no org id") as refusal:
        search(tempo, "{}")
    assert "STACK" in refusal.value.fix


@pytest.mark.parametrize("asking", ASKED)
@pytest.mark.parametrize(
    "answer",
    [
        (500, b"error finding ring"),
        (503, b"error trying to reach service: dial tcp: connection refused"),
        (429, b"too many outstanding requests"),
        status(503, 'no endpoints available for service "tempo"'),
        # Not a trace that Tempo does not have, but a Tempo that the cluster does not have.
        status(404, 'services "tempo" not found'),
    ],
)
def test_a_tempo_that_is_away_is_told_with_where_to_look(
    tempo: Tempo, api_server: ApiServer, asking: Asking, answer: Answer
) -> None:
    api_server.answer = lambda *_: answer
    with pytest.raises(TempoAwayError, match=f"Tempo does not answer: {answer[0]} ") as away:
        asking(tempo)
    assert "Service tempo in fawkes" in away.value.what
    assert "make status" in away.value.fix


@pytest.mark.parametrize("asking", ASKED)
def test_an_api_server_that_is_gone_is_told(tmp_path: Path, asking: Asking) -> None:
    cluster = Cluster(ApiServer("http://127.0.0.1:9", tmp_path).kubeconfig)
    with pytest.raises(TempoAwayError, match=r"cluster at http://127\.0\.0\.1:9 does not answer: .*refused"):
        asking(Tempo(cluster, Service("fawkes", "tempo", 3200)))


@pytest.mark.parametrize("asking", ASKED)
def test_who_may_not_use_the_proxy_is_told_what_to_allow(
    tempo: Tempo, api_server: ApiServer, asking: Asking
) -> None:
    """Waiting does not help, so it is not taken for a Tempo that is away."""
    api_server.answer = lambda *_: status(403, 'services "tempo:3200" is forbidden')
    with pytest.raises(LabError, match="does not let us query Tempo: 403 services") as refusal:
        asking(tempo)
    assert not isinstance(refusal.value, TempoAwayError)
    assert "services/proxy" in refusal.value.fix


@pytest.mark.parametrize("asking", ASKED)
@pytest.mark.parametrize("body", [b"<html>", b"[]", b"\xff", b""])
def test_something_else_at_tempos_service_is_told(
    tempo: Tempo, api_server: ApiServer, asking: Asking, body: bytes
) -> None:
    api_server.answer = lambda *_: (200, body)
    with pytest.raises(LabError, match="The Service tempo in fawkes is not a Tempo"):
        asking(tempo)


def test_partial_answers_are_said_to_be_partial(tempo: Tempo, api_server: ApiServer) -> None:
    """A trace over Tempo's limit comes without some of its spans, and looks whole."""
    trace = {"trace": tempos_trace(checkout_request()), "status": "PARTIAL", "message": "exceeds maximum size"}
    api_server.answer = lambda *_: (200, json.dumps(trace).encode())
    assert fetch(tempo, "abc").missing == "exceeds maximum size"
    api_server.answer = lambda *_: (206, json.dumps({"traces": []}).encode())
    assert "Tempo has not searched everything: there may be more." in search(tempo, "{}")[1]


def test_a_trace_id_is_taken_as_people_paste_it() -> None:
    assert checked_id(" 0AF7651916CD43DD8448EB211C80319C\n") == "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize("text", ["", "xyz", "a" * 33, "../../search", "0xab", "\x1b[2J", "٣"])
def test_what_is_no_trace_id_is_told_before_anything_is_asked(text: str) -> None:
    """Tempo would say that it has no such trace, and a path would ask for something else."""
    with pytest.raises(LabError, match="1 to 32 hexadecimal digits") as refusal:
        checked_id(text)
    assert "\x1b" not in refusal.value.what


def test_every_tenant_is_asked_at_the_query_frontend(cluster: Cluster, api_server: ApiServer) -> None:
    """Tempo answers a request without a tenant with an error, and a component without a Service not at all."""
    prod = settings_of("prod", {"tenants.namespaces": ["team-a"], "tenants.default_tenant": "rest"})
    api_server.answer = lambda *_: NOTHING
    assert not search(tempo_of(cluster, prod), "{}")[0]
    assert [one["x-scope-orgid"] for one in api_server.headers] == [
        "rest",
        "team-a",
        "rest-long-term",
        "team-a-long-term",
    ]
    assert {path.partition("/proxy")[0] for _, path, _ in api_server.asked} == {
        f"/api/v1/namespaces/{prod.environment.namespace}/services/tempo-query-frontend:3200"
    }


def test_a_stack_without_tenants_asks_the_one_service_without_one(cluster: Cluster) -> None:
    tempo = tempo_of(cluster, settings_of("dojo"))
    assert tempo.service.name == "tempo"
    assert tempo.tenants == ("",)


def test_one_tenant_can_be_asked_alone_and_an_unknown_one_is_refused(cluster: Cluster) -> None:
    """Tempo has nothing of an unknown tenant, which would read as if there were no traces."""
    prod = settings_of("prod", {"tenants.namespaces": ["team-a"]})
    assert tempo_of(cluster, prod, "team-a").tenants == ("team-a",)
    with pytest.raises(LabError, match="no tenant 'team-b'") as refusal:
        tempo_of(cluster, prod, "team-b")
    assert "team-a-long-term" in refusal.value.fix
    with pytest.raises(LabError, match="no tenant 'team-a'") as refusal:
        tempo_of(cluster, settings_of("dojo"), "team-a")
    assert "leave TENANT out" in refusal.value.fix


def test_a_trace_found_says_all_tenants_that_have_it(tempo: Tempo, api_server: ApiServer) -> None:
    asked = replace(tempo, tenants=("a", "b"))
    answers = iter([{"traces": [{"traceID": "1"}, {"traceID": "2"}]}, {"traces": [{"traceID": "2"}]}])
    api_server.answer = lambda *_: (200, json.dumps(next(answers)).encode())
    found, notes = search(asked, "{}", limit=2)
    assert found == {"1": ("a",), "2": ("a", "b")}
    assert notes == ["The limit was reached: there may be more."]


def test_a_trace_stored_in_parts_is_put_together_and_copies_count_once(
    tempo: Tempo, api_server: ApiServer
) -> None:
    """Each tenant has the spans of its own namespace, and the long-term tier has them again."""
    whole = tempos_trace(checkout_request())["resourceSpans"]
    parts = iter([whole[:1], [], whole[1:], whole[:1]])
    api_server.answer = lambda *_: (200, json.dumps({"trace": {"resourceSpans": next(parts)}}).encode())
    found = fetch(replace(tempo, tenants=("a", "b", "c", "a-long-term")), "abc")
    assert len(found.spans) == 6
    assert found.tenants == ("a", "c", "a-long-term")
