"""Destroy leaves nothing behind; the next module deploys again, from nothing."""

from typing import Any

import pytest
from kubernetes import client

from settings.project import PROJECT
from tests.support.live import LiveStack
from tests.support.waiting import eventually

pytestmark = pytest.mark.engine


def test_destroy_leaves_nothing_behind(dojo: LiveStack) -> None:
    """Leftovers cost money, and block or confuse the next installation."""
    dojo.forget()
    volumes = _volumes(dojo)
    assert volumes
    engine = dojo.engine()
    engine.destroy()

    assert engine.export_state()["deployment"].get("resources", []) == []
    assert _cluster_objects(dojo) == set()
    assert dojo.namespace not in _names(dojo.core.list_namespace())
    # The volumes' folders are deleted by the lab's provisioner, a moment after their claims.
    eventually(lambda: not _volumes(dojo), "the volumes are gone")


def _volumes(stack: LiveStack) -> set[str]:
    volumes: list[Any] = stack.core.list_persistent_volume().items
    return {
        volume.metadata.name
        for volume in volumes
        if volume.spec.claim_ref and volume.spec.claim_ref.namespace == stack.namespace
    }


def _cluster_objects(stack: LiveStack) -> set[str]:
    """Return the stack's objects outside its namespace."""
    rbac = client.RbacAuthorizationV1Api(stack.cluster.api)
    ours = f"app.kubernetes.io/part-of={PROJECT}"
    return _names(rbac.list_cluster_role(label_selector=ours)) | _names(
        rbac.list_cluster_role_binding(label_selector=ours)
    )


def _names(listed: Any) -> set[str]:
    return {item.metadata.name for item in listed.items}
