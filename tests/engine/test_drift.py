"""Changes made by other means are detected and reverted."""

from typing import Any

import pytest

from lab.engine.run import EngineError
from render.names import AGENT, TEMPO
from tests.support.live import LiveStack

pytestmark = pytest.mark.engine


def test_a_workload_that_was_scaled_to_nothing_is_seen_and_brought_back(dojo: LiveStack) -> None:
    """`up` used to report it as unchanged, and then failed to find the trace that it sends."""
    dojo.forget()
    dojo.apps.patch_namespaced_stateful_set_scale(TEMPO, dojo.namespace, {"spec": {"replicas": 0}})
    assert dojo.changes({}) == {"StatefulSet tempo-server": "update"}
    dojo.bring()
    scale = dojo.apps.read_namespaced_stateful_set_scale(TEMPO, dojo.namespace)
    assert scale.spec
    assert scale.spec.replicas == 1
    dojo.engine().preview("--expect-no-changes")


def test_an_object_that_was_deleted_is_made_again(dojo: LiveStack) -> None:
    """This also happens when a cluster is created again."""
    dojo.forget()
    dojo.core.delete_namespaced_service(TEMPO, dojo.namespace)
    assert dojo.changes({}) == {"Service tempo-service": "create"}
    dojo.bring()
    assert dojo.core.read_namespaced_service(TEMPO, dojo.namespace)


def test_an_apply_by_another_program_is_refused_until_its_claim_is_ended(dojo: LiveStack) -> None:
    """Two programs that apply the same field would undo each other forever: docs/take-over.md."""
    dojo.forget()
    dojo.core.patch_namespaced_service(
        AGENT,
        dojo.namespace,
        {"apiVersion": "v1", "kind": "Service", "spec": {"internalTrafficPolicy": "Cluster"}},
        field_manager="other",
        force=True,
        _content_type="application/apply-patch+yaml",
    )
    assert "other" in _managers(dojo)
    with pytest.raises(EngineError, match='conflict with "other"'):
        dojo.engine().up()

    unmanaged = [{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}]
    dojo.core.patch_namespaced_service(AGENT, dojo.namespace, unmanaged)
    dojo.bring()
    assert "other" not in _managers(dojo)
    dojo.engine().preview("--expect-no-changes")


def _managers(dojo: LiveStack) -> set[str]:
    """Return the managers that have applied or changed fields of the agents' Service."""
    service: Any = dojo.core.read_namespaced_service(AGENT, dojo.namespace)
    return {entry.manager for entry in service.metadata.managed_fields}
