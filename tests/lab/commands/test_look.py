import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from lab.commands import look
from lab.errors import LabError
from lab.target.target import Target
from lab.traces.request import checkout_request
from tests.lab.cluster.test_pods import RUNNING, container, listed, manifest
from tests.lab.conftest import Answer, ApiServer
from tests.lab.traces.test_trace import tempos_trace
from tests.support.stacks import settings_of

DOJO = settings_of("dojo")
TENANTS = settings_of("prod", {"tenants.namespaces": ["team-a"], "retention.long_term_hours": None})


@pytest.fixture
def target(api_server: ApiServer) -> Target:
    """A cluster that the user named."""
    return Target(api_server.kubeconfig, Path("/engine"), None)


@pytest.fixture
def console(screen: io.StringIO) -> Console:
    """A wide terminal without colours."""
    return Console(file=screen, width=160)


def test_nothing_found_says_until_when_was_searched_beside_the_ids(
    target: Target,
    api_server: ApiServer,
    console: Console,
    screen: io.StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On standard error: what reads the ids must not take the sentence for one."""
    api_server.answer = lambda *_: (200, b"{}")
    look.query(target, DOJO, console, "{}")
    assert screen.getvalue() == ""
    assert capsys.readouterr().err.startswith("Nothing found in the last hour, until 20")


def test_ids_found_are_lines_and_with_tenants_say_whose(
    target: Target,
    api_server: ApiServer,
    console: Console,
    screen: io.StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    api_server.answer = lambda *_: (200, b'{"traces": [{"traceID": "abc"}]}')
    look.query(target, DOJO, console, "{}")
    look.query(target, TENANTS, console, "{}")
    look.query(target, TENANTS, console, "{}", "team-a")
    assert screen.getvalue().splitlines() == ["abc", "abc  shared, team-a", "abc  team-a"]
    assert capsys.readouterr().err == ""


def test_a_full_answer_says_that_there_may_be_more(
    target: Target, api_server: ApiServer, console: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    many = {"traces": [{"traceID": f"{number:x}"} for number in range(20)]}
    api_server.answer = lambda *_: (200, json.dumps(many).encode())
    look.query(target, DOJO, console, "{}")
    assert "there may be more" in capsys.readouterr().err


def test_a_trace_is_a_tree_and_the_attributes_of_its_spans(
    target: Target, api_server: ApiServer, console: Console, screen: io.StringIO
) -> None:
    """With tenants it says whose it is, and with a part missing that it is one."""
    answer = {"trace": tempos_trace(checkout_request()), "status": "PARTIAL", "message": "exceeds maximum size"}
    api_server.answer = lambda *_: (200, json.dumps(answer).encode())
    look.trace(target, TENANTS, console, "abc")
    said = screen.getvalue()
    assert "6 spans, 1840 ms" in said
    assert "db.system.name = postgresql" in said
    assert "Of shared, team-a" in said
    assert "Incomplete: exceeds maximum size" in said


def test_attributes_are_shown_and_not_obeyed(
    target: Target, api_server: ApiServer, console: Console, screen: io.StringIO
) -> None:
    """They come from whoever sends spans."""
    attribute = {"key": "a[red]\x1b[2J", "value": {"stringValue": "[bold]b[/]\r\x07"}}
    span = {"spanId": "AAAAAAAAAAE=", "attributes": [attribute]}
    trace = {"trace": {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}}
    api_server.answer = lambda *_: (200, json.dumps(trace).encode())
    look.trace(target, DOJO, console, "abc")
    assert r"a[red]\x1b[2J = [bold]b[/]\r\x07" in screen.getvalue()


def test_a_trace_that_tempo_does_not_have_is_told_with_whom_was_asked(
    target: Target, api_server: ApiServer, console: Console
) -> None:
    api_server.answer = lambda *_: (404, b"")
    with pytest.raises(LabError, match=r"Tempo has no trace abc\."):
        look.trace(target, DOJO, console, "abc")
    with pytest.raises(LabError, match=r"Tempo has no trace abc of shared, team-a\."):
        look.trace(target, TENANTS, console, "abc")
    api_server.answer = lambda *_: (206, b'{"status": "PARTIAL", "message": "a block is away"}')
    with pytest.raises(LabError, match=r"Tempo has no trace abc\.") as refusal:
        look.trace(target, DOJO, console, "abc")
    assert refusal.value.fix == "It has not searched everything: a block is away. Try again."


def _pods(_method: str, path: str, _body: bytes) -> Answer:
    running = [container("main", RUNNING, restarts=1), container("side", RUNNING)]
    gateway = manifest("otel-gateway-0", containerStatuses=running)
    return listed(manifest("tempo-0"), gateway) if path.endswith("/pods") else (200, b"said\n")


def test_logs_are_found_by_any_part_of_a_name_and_say_whose_they_are(
    target: Target, api_server: ApiServer, console: Console, screen: io.StringIO
) -> None:
    """People type `gateway`, and not the prefix that all collectors share."""
    api_server.answer = _pods
    look.logs(target, DOJO, console, "Gateway", 40)
    said = screen.getvalue()
    titles = [line.strip(" ─") for line in said.splitlines() if "─" in line]
    assert titles == [
        "otel-gateway-0, container main, before its last restart",
        "otel-gateway-0, container main",
        "otel-gateway-0, container side",
    ]
    assert "tempo-0" not in said


def test_logs_of_another_namespace_are_those_of_its_pods(
    target: Target, api_server: ApiServer, console: Console, screen: io.StringIO
) -> None:
    """Grafana and Prometheus, which show the traces, are in another namespace than Tempo."""
    api_server.answer = _pods
    look.logs(target, DOJO, console, "tempo", 40, namespace="monitoring")
    assert "tempo-0" in screen.getvalue()
    assert api_server.asked[0][1].partition("?")[0] == "/api/v1/namespaces/monitoring/pods"
    with pytest.raises(LabError, match="No Pod in monitoring has 'nobody' in its name"):
        look.logs(target, DOJO, console, "nobody", 40, namespace="monitoring")


def test_a_name_that_no_pod_has_is_told_with_those_there_are(
    target: Target, api_server: ApiServer, console: Console
) -> None:
    api_server.answer = _pods
    with pytest.raises(LabError, match="No Pod in fawkes-observability has 'nobody' in its name") as failure:
        look.logs(target, DOJO, console, "nobody", 40)
    assert "otel-gateway-0, tempo-0" in failure.value.fix


def test_status_shows_pods_and_says_when_there_is_none(
    target: Target, api_server: ApiServer, console: Console, screen: io.StringIO
) -> None:
    """An empty table reads as if the command had failed."""
    api_server.answer = _pods
    look.status(target, DOJO, console)
    assert "otel-gateway-0" in screen.getvalue()
    namespace = {"metadata": {"name": "fawkes-observability"}}
    api_server.answer = lambda _method, path, _body: (
        listed() if path.endswith("/pods") else (200, json.dumps(namespace).encode())
    )
    look.status(target, DOJO, console)
    assert "The namespace fawkes-observability has no Pods. Deploy: make up" in screen.getvalue()
