import io
import json
import time

import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData
from rich.console import Console

from lab.cluster.service import Cluster, Service
from lab.errors import LabError
from lab.progress import Progress
from lab.traces import roundtrip
from lab.traces.roundtrip import round_trip, show, wait_for
from lab.traces.tempo import Tempo, TempoAwayError
from tests.lab.conftest import Answer, ApiServer
from tests.support.stacks import settings_of

pytestmark = pytest.mark.usefixtures("own_folders")

DOJO = settings_of("dojo")


class Pipeline:
    """An agent that takes spans after so many refusals, and a Tempo that has what the agent took."""

    def __init__(self, refusals: int = 0, found_id: str = "") -> None:
        """Nothing is stored yet; with `found_id` a search finds that instead."""
        self._refusals, self._found_id, self._stored = refusals, found_id, TracesData()

    def answer(self, _method: str, path: str, body: bytes) -> Answer:
        """Answer as agent or as Tempo."""
        if path.endswith("/v1/traces"):
            self._refusals -= 1
            if self._refusals >= 0:
                return 503, b"no gateway yet"
            self._stored = TracesData.FromString(body)
            return 200, b""
        if "/api/search" in path:
            # Tempo leaves leading zeros away.
            return 200, json.dumps({"traces": [{"traceID": self._found_id or self._id().lstrip("0")}]}).encode()
        return 200, json.dumps({"trace": MessageToDict(self._stored)}).encode()

    def _id(self) -> str:
        return self._stored.resource_spans[0].scope_spans[0].spans[0].trace_id.hex()


def test_what_was_sent_is_found_by_its_run_and_fetched(
    cluster: Cluster, api_server: ApiServer, progress: Progress
) -> None:
    """The last word of `make up`: it works."""
    pipeline = Pipeline()
    api_server.answer = pipeline.answer
    found = round_trip(cluster, DOJO, progress)
    assert {span.service for span in found.spans} == {"storefront", "cart", "inventory", "payment"}
    run = found.spans[0].attributes["fawkes.lab.run"]
    assert found.query == f'{{ span.fawkes.lab.run = "{run}" && status = error }}'


def test_an_agent_that_is_not_ready_is_asked_again(
    cluster: Cluster, api_server: ApiServer, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first connection to a new gateway can be refused."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    api_server.answer = Pipeline(refusals=2).answer
    assert round_trip(cluster, DOJO, progress).spans


def test_an_agent_that_keeps_refusing_is_quoted(
    cluster: Cluster, api_server: ApiServer, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own words say more than a time-out."""
    monkeypatch.setattr(roundtrip, "_SEND_TRIES_SECONDS", 0.0)
    api_server.answer = Pipeline(refusals=1_000_000).answer
    with pytest.raises(LabError, match="The agent refused the request: 503 no gateway yet"):
        round_trip(cluster, DOJO, progress)


def test_a_request_that_does_not_come_through_is_told_with_what_is_not_ready(
    cluster: Cluster, api_server: ApiServer, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Tempo that somebody had scaled to nothing ended `up` after a minute without the reason."""
    monkeypatch.setattr(roundtrip, "_SEND_TRIES_SECONDS", 0.0)
    waiting = {"name": "collector", "ready": False, "restartCount": 3, "image": "x", "imageID": ""}
    waiting["state"] = {"waiting": {"reason": "CrashLoopBackOff"}}
    pod = {
        "metadata": {"name": "otel-agent-x"},
        "spec": {"containers": [{"name": "collector", "image": "x"}]},
        "status": {"phase": "Running", "containerStatuses": [waiting]},
    }
    idle = {
        "metadata": {"name": "tempo"},
        "spec": {"replicas": 0, "selector": {}, "template": {}, "serviceName": "tempo"},
    }
    listed = {"/pods": [pod], "/statefulsets": [idle], "/deployments": [], "/daemonsets": []}

    def answer(_method: str, path: str, _body: bytes) -> Answer:
        items = next((items for end, items in listed.items() if path.endswith(end)), None)
        return (503, b"no gateway") if items is None else (200, json.dumps({"items": items}).encode())

    api_server.answer = answer
    with pytest.raises(LabError) as failure:
        round_trip(cluster, DOJO, progress)
    assert failure.value.what.splitlines()[1:] == [
        "Not ready:",
        "  otel-agent-x (0/1 ready): CrashLoopBackOff",
        "  StatefulSet tempo: scaled to 0",
    ]


def test_another_trace_than_the_one_sent_is_no_success(
    cluster: Cluster, api_server: ApiServer, progress: Progress
) -> None:
    """A search that finds anything at all must not pass for a round trip."""
    api_server.answer = Pipeline(found_id="0af7651916cd43dd8448eb211c80319c").answer
    with pytest.raises(LabError, match="found 0af7651916cd43dd8448eb211c80319c instead of"):
        round_trip(cluster, DOJO, progress)


@pytest.fixture
def tempo(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Tempo:
    """A Tempo that is asked again at once."""
    monkeypatch.setattr(roundtrip, "_POLL_SECONDS", 0.0)
    return Tempo(cluster, Service("fawkes", "tempo", 3200))


def test_waiting_asks_until_there_is_a_trace(tempo: Tempo, api_server: ApiServer) -> None:
    """The gateway takes its time to decide, and Tempo may be starting meanwhile."""
    answers = iter([(200, b"{}"), (503, b"starting"), (200, b'{"traces": [{"traceID": "abc"}]}')])
    api_server.answer = lambda *_: next(answers)
    assert wait_for(tempo, "{}", 30) == "abc"
    assert len(api_server.asked) == 3


def test_waiting_in_vain_says_for_what_and_where_to_look(tempo: Tempo) -> None:
    """The query can be repeated by hand."""
    with pytest.raises(LabError, match=r"not found within 0 s by \{ status = error \}") as failure:
        wait_for(tempo, "{ status = error }", 0.01)
    assert "make logs" in failure.value.fix


def test_a_tempo_that_never_came_is_told_and_not_the_trace_missed(tempo: Tempo, api_server: ApiServer) -> None:
    api_server.answer = lambda *_: (503, b"starting")
    with pytest.raises(TempoAwayError, match=r"for 0 s: Tempo does not answer: 503 starting"):
        wait_for(tempo, "{}", 0.05)


def test_a_refused_query_ends_the_wait_at_once(tempo: Tempo, api_server: ApiServer) -> None:
    """Asked again, it is refused again, for a minute."""
    api_server.answer = lambda *_: (400, b"invalid TraceQL query")
    with pytest.raises(LabError, match="invalid TraceQL query"):
        wait_for(tempo, "{", 30)
    assert len(api_server.asked) == 1


def test_what_is_shown_can_be_typed_again(cluster: Cluster, api_server: ApiServer, progress: Progress) -> None:
    """The tree, and the commands that lead further."""
    api_server.answer = Pipeline().answer
    found = round_trip(cluster, DOJO, progress)
    screen = io.StringIO()
    show(found, "fawkes-observability", Console(file=screen, width=200))
    for text in (
        found.query,
        "POST /checkout",
        f"make trace ID={found.trace_id}",
        "kubectl -n fawkes-observability",
    ):
        assert text in screen.getvalue()
