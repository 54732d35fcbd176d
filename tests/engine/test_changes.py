"""A changed setting changes what depends on it, and nothing else."""

from typing import Any

import pytest

from render.names import GATEWAY, TEMPO, TEMPO_HTTP_PORT
from tests.support.live import LiveStack, section
from tests.support.waiting import eventually
from tests.tools.loopback import direct_session

pytestmark = pytest.mark.engine

STORE = "object-store"
# Twice what the kubelet may take to update the mounted file, two minutes; Tempo reads it every ten seconds.
_RELOAD_SECONDS = 240.0
# Boards and rules compare what is stored with what the plan expects.
_SHOWN_WITH_THE_STORE = {
    "ConfigMap observability-dashboards-dashboard-cost": "update",
    "ConfigMap observability-dashboards-dashboard-tempo": "update",
    "PrometheusRule observability-rules-tracing-store": "update",
}


def test_a_longer_retention_restarts_no_server_and_sets_the_bucket_up_again_and_back(dojo: LiveStack) -> None:
    """The bucket's own expiry follows the retention: unchanged, it would delete blocks that Tempo still keeps."""
    # The dojo's volume does not hold the average load for twice the time.
    longer = section("retention", detailed_hours=48) | section("load", average_spans_per_second=20)
    assert dojo.changes(longer) == {
        "ConfigMap tempo-overrides": "update",
        "ConfigMap store-setup-files": "replace",
        "Job store-setup-job": "replace",
        **_SHOWN_WITH_THE_STORE,
    }
    before, volumes = dojo.pod_ids(), _volumes(dojo)
    dojo.bring(longer)
    assert _replaced(before, dojo.pod_ids()) == {STORE}
    assert _volumes(dojo) == volumes
    assert "block_retention: 48h" in dojo.rendered_config(TEMPO)
    eventually(lambda: "block_retention: 2d" in _limits(dojo), "Tempo has the new retention", _RELOAD_SECONDS)

    dojo.bring()
    assert "block_retention: 24h" in dojo.rendered_config(TEMPO)
    dojo.engine().preview("--expect-no-changes")


def test_another_sampling_percentage_restarts_the_gateway_alone(dojo: LiveStack) -> None:
    """Sampling is changed during incidents, when a restart of the store would hurt most."""
    half = section("sampling", baseline_percentage=50)
    assert dojo.changes(half) == {
        "ConfigMap gateway-config": "replace",
        "StatefulSet gateway-server": "update",
        "ConfigMap observability-dashboards-dashboard-sampling": "update",
        "PrometheusRule observability-rules-tracing-sampling": "update",
        **_SHOWN_WITH_THE_STORE,
    }
    before, volumes = dojo.pod_ids(), _volumes(dojo)
    dojo.bring(half)
    assert _replaced(before, dojo.pod_ids()) == {GATEWAY}
    assert _volumes(dojo) == volumes


def _replaced(before: dict[str, str], after: dict[str, str]) -> set[str]:
    assert set(before) == set(after)
    return {component for component, identity in after.items() if before[component] != identity}


def _limits(stack: LiveStack) -> str:
    """Return the tenants' limits that the running Tempo uses."""
    with direct_session() as session:
        url = f"http://{stack.address(TEMPO)}:{TEMPO_HTTP_PORT}/status/runtime_config"
        return session.get(url, timeout=10.0).text.partition("overrides:")[2]


def _volumes(stack: LiveStack) -> dict[str, str]:
    """Return the volume of each claim: a new volume would be empty."""
    claims: list[Any] = stack.core.list_namespaced_persistent_volume_claim(stack.namespace).items
    return {claim.metadata.name: claim.spec.volume_name for claim in claims}
