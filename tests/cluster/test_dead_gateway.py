"""A gateway that is listed but does not respond must not stop the traffic to the others."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from kubernetes import client

from components.kubernetes.labels import selector
from render.names import AGENT, GATEWAY, OTLP_GRPC_PORT
from tests.cluster.tempo_api import tempo_api
from tests.cluster.traffic import ALWAYS_KEPT, send, traces
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster

_NAME = "gateway-that-crashes"
_OF_EACH_KIND = 6


@pytest.fixture
def dead_gateway(dojo: LiveStack) -> Iterator[None]:
    """One more Pod behind the gateways' Service, which has an address and crashes at every start."""
    (healthy,) = dojo.pods(GATEWAY)
    like = healthy.spec.containers[0]
    crashing = client.V1Container(
        name=like.name,
        image=like.image,
        image_pull_policy=like.image_pull_policy,
        args=["--config=/none"],
        resources=like.resources,
        security_context=like.security_context,
    )
    spec = client.V1PodSpec(
        containers=[crashing],
        security_context=healthy.spec.security_context,
        service_account_name=healthy.spec.service_account_name,
        automount_service_account_token=False,
    )
    metadata = client.V1ObjectMeta(name=_NAME, labels=selector(GATEWAY))
    dojo.core.create_namespaced_pod(dojo.namespace, client.V1Pod(metadata=metadata, spec=spec))
    try:
        eventually(lambda: _is_listed_unready(dojo), "the dead gateway is among the Service's endpoints")
        yield
    finally:
        dojo.core.delete_namespaced_pod(_NAME, dojo.namespace, grace_period_seconds=0)


def _is_listed_unready(dojo: LiveStack) -> bool:
    slices = client.DiscoveryV1Api(dojo.cluster.api).list_namespaced_endpoint_slice(
        dojo.namespace, label_selector=f"kubernetes.io/service-name={GATEWAY}"
    )
    endpoints: list[Any] = [endpoint for found in slices.items for endpoint in found.endpoints or []]
    return any(one.target_ref.name == _NAME and one.addresses and not one.conditions.ready for one in endpoints)


@pytest.mark.usefixtures("dead_gateway")
def test_traces_reach_the_healthy_gateway_while_another_crashes(dojo: LiveStack) -> None:
    """Routing by trace id would send half of them to the dead gateway, and every batch has some of that half."""
    run = secrets.token_hex(8)
    planned = traces(run, _OF_EACH_KIND, total=_OF_EACH_KIND * len(ALWAYS_KEPT))
    send(f"{dojo.address(AGENT)}:{OTLP_GRPC_PORT}", planned, run, per_second=20)
    with tempo_api(dojo) as tempo:
        tempo.wait_for_all([one.id.hex() for one in planned])
