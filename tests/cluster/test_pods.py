"""The stack's Pods and their neighbours: senders are identified, and privileged Pods are refused."""

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any

import pytest
from kubernetes import client, stream

from lab.node.layout import NODE_NAME
from render.names import AGENT, OTLP_HTTP_PORT
from tests.cluster.tempo_api import tempo_api
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

_RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
_POD = "sender"
# HTTP by hand: the image's shell has no HTTP client. The server closes the connection after its response.
_SEND = (
    r"printf 'POST /v1/traces HTTP/1.1\r\nHost: agent\r\nContent-Type: application/json\r\n"
    r"""Content-Length: %d\r\nConnection: close\r\n\r\n%s' ${#BODY} "$BODY" | /bin/busybox nc -w 10 $AGENT"""
)


@pytest.fixture
def namespace(dojo: LiveStack) -> Iterator[str]:
    """A namespace of an application's own."""
    name = f"shop-{secrets.token_hex(4)}"
    dojo.core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=name)))
    eventually(lambda: dojo.core.list_namespaced_service_account(name).items, "the namespace has its account")
    yield name
    dojo.core.delete_namespace(name)


def test_a_span_says_which_pod_sent_it(dojo: LiveStack, namespace: str) -> None:
    """The application sends no Kubernetes attributes: the agent identifies the sender by its address."""
    trace_id = secrets.token_hex(16)
    _create(dojo, namespace, _pod(dojo, _POD, "sleep 600", BODY=_otlp_json(trace_id), AGENT=_agent(dojo)))
    # The agent learns a Pod's address from the API: spans that are sent before have no Pod attributes.
    eventually(lambda: _phase(dojo, namespace) == "Running", "the sender runs")
    assert "200 OK" in _run_in_pod(dojo, namespace, _SEND)

    with tempo_api(dojo) as tempo:
        (batch,) = tempo.wait_for(trace_id)["batches"]
    attributes = {item["key"]: item["value"]["stringValue"] for item in batch["resource"]["attributes"]}
    pod = dojo.core.read_namespaced_pod(_POD, namespace)
    assert pod.metadata
    assert attributes == {
        "service.name": "shop",
        "k8s.namespace.name": namespace,
        "k8s.pod.name": _POD,
        "k8s.pod.uid": pod.metadata.uid,
        "k8s.container.name": "main",
        "k8s.node.name": NODE_NAME,
    }


def test_a_privileged_pod_is_refused_in_the_stacks_namespace(dojo: LiveStack) -> None:
    """The namespace holds the credentials for all traces: no Pod in it may become root on its node."""
    pod = _pod(dojo, "intruder", "true")
    pod["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    with pytest.raises(client.ApiException, match="violates PodSecurity"):
        _create(dojo, dojo.namespace, pod)


def _pod(stack: LiveStack, name: str, script: str, **environment: str) -> dict[str, Any]:
    """Return a Pod that runs a shell script in the only image of the stack that has a shell."""
    images = stack.settings.images
    image = images.object_store_client
    assert image
    container = {
        "name": "main",
        "image": image.reference(images.mirror),
        "command": ["/bin/busybox", "sh", "-c", script],
        "env": [{"name": key, "value": value} for key, value in environment.items()],
        "securityContext": _RESTRICTED,
    }
    spec = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "containers": [container]}
    return {"metadata": {"name": name}, "spec": spec}


def _create(stack: LiveStack, namespace: str, pod: Any) -> None:
    stack.core.create_namespaced_pod(namespace, pod)


def _phase(stack: LiveStack, namespace: str) -> str | None:
    status = stack.core.read_namespaced_pod(_POD, namespace).status
    return status.phase if status else None


def _run_in_pod(stack: LiveStack, namespace: str, script: str) -> str:
    """Run a script in the sender's container and return what it printed."""
    session = stream.stream(
        stack.core.connect_get_namespaced_pod_exec,
        _POD,
        namespace,
        command=["/bin/busybox", "sh", "-c", script],
        stdout=True,
        _preload_content=False,
    )
    session.run_forever(timeout=30)
    output = session.read_stdout()
    # `close` leaves the connection open once the other side has closed it.
    session.sock.shutdown()
    return str(output)


def _agent(stack: LiveStack) -> str:
    return f"{stack.address(AGENT)} {OTLP_HTTP_PORT}"


def _otlp_json(trace_id: str) -> str:
    now = time.time_ns()
    span = {
        "traceId": trace_id,
        "spanId": trace_id[:16],
        "name": "GET /shop",
        "startTimeUnixNano": str(now - 1_000_000),
        "endTimeUnixNano": str(now),
    }
    service = {"key": "service.name", "value": {"stringValue": "shop"}}
    return json.dumps(
        {"resourceSpans": [{"resource": {"attributes": [service]}, "scopeSpans": [{"spans": [span]}]}]}
    )
