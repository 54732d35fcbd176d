"""Agents know the Pods of their node before they accept spans."""

import secrets
import time
from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub

from render.names import COLLECTOR_QUEUE_FOLDER
from tests.support.processes import processes
from tests.support.stacks import PLAINTEXT, settings_of
from tests.support.tools import tool
from tests.support.waiting import eventually
from tests.tools.loopback import (
    AGENT,
    START_SECONDS,
    TEMPO,
    Recorder,
    channel_to,
    collector,
    listening_at,
    recorder,
)
from tests.tools.node_api import POD, NodeApi, agent_config, agent_environment, api_server, kubeconfig
from tests.tools.spans import failed_trace

pytestmark = pytest.mark.tools

_NAMESPACE = "k8s.namespace.name"
# Longer than a collector takes from its first line to its receivers.
_STARTED_SECONDS = 4.0
# Several times what an agent takes from the API server's word to a span.
_KNOWN_SECONDS = 10.0
_API_PORT = 6443
_SETTINGS = {"tenants.mode": "by_namespace", "tenants.namespaces": ["team-b"], **PLAINTEXT}


def namespaces(log: Recorder) -> list[str]:
    """Return the namespace of each span that has arrived, '' where it has none."""
    return [
        next((each.value.string_value for each in resource.attributes if each.key == _NAMESPACE), "")
        for _, resource, _ in log.spans()
    ]


def send(agent: TraceServiceStub, spans: int = 1) -> None:
    """Send this many traces of one span each."""
    for _ in range(spans):
        agent.Export(failed_trace(secrets.token_bytes(16), 1, 100), timeout=10)


def test_an_agent_accepts_nothing_before_it_has_the_list_of_pods(tmp_path: Path) -> None:
    """Spans of the first second would go to the default tenant; a refused application sends them again."""
    api = NodeApi([POD])
    api.answering.clear()
    file = tmp_path / "config.yaml"
    text = listening_at(AGENT, agent_config(settings_of("prod", _SETTINGS)))
    file.write_text(text.replace(COLLECTOR_QUEUE_FOLDER, str(tmp_path / "queue")), encoding="utf-8")
    with (
        recorder(TEMPO) as log,
        api_server(tmp_path, api) as access,
        processes(tmp_path) as running,
        channel_to(AGENT) as channel,
    ):
        agent = TraceServiceStub(channel)  # type: ignore[no-untyped-call]
        running.start("otelcol", [tool("otelcol"), "--config", file], agent_environment(access))
        time.sleep(_STARTED_SECONDS)
        with pytest.raises(grpc.RpcError) as refusal:
            send(agent)
        assert refusal.value.code() == grpc.StatusCode.UNAVAILABLE
        api.answering.set()
        grpc.channel_ready_future(channel).result(START_SECONDS)
        send(agent, 20)
        eventually(lambda: len(log.spans()) == 20, "the spans arrive")
    assert namespaces(log) == ["team-b"] * 20


def test_an_agent_whose_api_server_is_away_starts_when_it_is_back(tmp_path: Path) -> None:
    """It waits for longer than the liveness probe lets it, because it hangs at a timeout of its own."""
    file = tmp_path / "config.yaml"
    text = listening_at(AGENT, agent_config(settings_of("prod", _SETTINGS)))
    file.write_text(text.replace(COLLECTOR_QUEUE_FOLDER, str(tmp_path / "queue")), encoding="utf-8")
    access = agent_environment(kubeconfig(tmp_path, _API_PORT))
    with (
        recorder(TEMPO) as log,
        processes(tmp_path) as running,
        channel_to(AGENT) as channel,
    ):
        running.start("otelcol", [tool("otelcol"), "--config", file], access)
        time.sleep(_STARTED_SECONDS)
        with api_server(tmp_path, NodeApi([POD]), _API_PORT):
            grpc.channel_ready_future(channel).result(START_SECONDS)
            send(TraceServiceStub(channel))  # type: ignore[no-untyped-call]
            eventually(log.spans, "the span arrives")
    assert namespaces(log) == ["team-b"]


def test_spans_of_a_new_pod_have_no_namespace_until_the_api_reports_its_address(tmp_path: Path) -> None:
    """Exactly those: from the first span with the namespace on, every span has it."""
    api = NodeApi([])
    with (
        recorder(TEMPO) as log,
        api_server(tmp_path, api) as access,
        collector(
            tmp_path, agent_config(settings_of("prod", _SETTINGS)), AGENT, agent_environment(access)
        ) as agent,
    ):

        def arrived(spans: int) -> str:
            """Send spans and wait for them, so that none overtakes another; return the last one's namespace."""
            wanted = len(log.spans()) + spans
            send(agent, spans)
            eventually(lambda: len(log.spans()) == wanted, "the spans arrive")
            return namespaces(log)[-1]

        arrived(5)
        api.add(POD)
        eventually(lambda: arrived(1) == "team-b", "the agent knows the Pod", _KNOWN_SECONDS)
        arrived(5)
    found = namespaces(log)
    unknown = found.index("team-b")
    assert found == [""] * unknown + ["team-b"] * 6
    assert unknown >= 5
