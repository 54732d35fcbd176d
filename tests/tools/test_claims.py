"""Nobody can write to another tenant: the rendered agent with a small emulation of the Kubernetes API."""

import secrets
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

from tests.cluster.traffic import text
from tests.support.stacks import PLAINTEXT, settings_of
from tests.support.waiting import eventually
from tests.tools.loopback import AGENT, TEMPO, Recorder, collector, recorder
from tests.tools.node_api import POD, NodeApi, agent_config, agent_environment, api_server

pytestmark = pytest.mark.tools

NAMESPACE = "k8s.namespace.name"
_ARRIVAL_SECONDS = 30.0
CLAIMED: Mapping[str, str] = {
    NAMESPACE: "team-a",
    "k8s.pod.ip": "10.9.9.9",
    "k8s.pod.uid": "false-uid",
    "k8s.pod.name": "false-name",
    "service.name": "shop",
}


def seen_by_a_gateway(folder: Path, mode: str) -> list[tuple[str, str]]:
    """Send a span full of claims through the rendered agent and return the resource attributes that arrive.

    It claims the namespace three times, once as a number: deleting one of them is not enough.
    """
    stack = settings_of(
        "prod",
        {"tenants.mode": mode, "tenants.namespaces": ["team-a"] if mode == "by_namespace" else [], **PLAINTEXT},
    )
    config = agent_config(stack)
    claims = [text(key, value) for key, value in CLAIMED.items()]
    claims += [text(NAMESPACE, "team-a"), KeyValue(key=NAMESPACE, value=AnyValue(int_value=7))]
    with (
        recorder(TEMPO) as log,
        api_server(folder, NodeApi([POD])) as kubeconfig,
        collector(folder, config, AGENT, agent_environment(kubeconfig)) as agent,
    ):
        return _through(agent, log, claims)


def _through(agent: TraceServiceStub, log: Recorder, attributes: list[KeyValue]) -> list[tuple[str, str]]:
    """Send a span with these resource attributes and return, sorted, those that it arrives with."""
    before = len(log.received)
    span = Span(trace_id=secrets.token_bytes(16), span_id=secrets.token_bytes(8), name="GET /shop")
    sent = ResourceSpans(resource=Resource(attributes=attributes), scope_spans=[ScopeSpans(spans=[span])])
    agent.Export(ExportTraceServiceRequest(resource_spans=[sent]), timeout=10)
    eventually(lambda: len(log.received) > before, "the span reaches the gateway", _ARRIVAL_SECONDS)
    _, resource, _ = log.spans()[-1]
    return sorted((each.key, each.value.string_value or str(each.value.int_value)) for each in resource.attributes)


def test_an_application_cannot_claim_another_tenants_namespace(tmp_path: Path) -> None:
    """The agent takes a Pod's attributes from the connection and Kubernetes, whatever the span contains."""
    assert seen_by_a_gateway(tmp_path, "by_namespace") == [
        ("k8s.namespace.name", "team-b"),
        ("k8s.node.name", "node-1"),
        ("k8s.pod.name", "cart-0"),
        ("k8s.pod.uid", "true-uid"),
        ("service.name", "shop"),
    ]


def test_without_tenants_an_applications_claims_are_believed(tmp_path: Path) -> None:
    """This shows that the test above would detect a claim that gets through."""
    claimed = Counter(seen_by_a_gateway(tmp_path, "single"))
    assert claimed[NAMESPACE, "team-a"] == 2
    assert claimed["k8s.pod.name", "false-name"] == 1
