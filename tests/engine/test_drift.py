"""What somebody changed by other means is seen, and brought back."""

import pytest

from render.names import TEMPO
from tests.live import LiveStack

pytestmark = pytest.mark.engine


def test_a_workload_that_was_scaled_to_nothing_is_seen_and_brought_back(dojo: LiveStack) -> None:
    """`up` called it unchanged, and then failed to find its own request."""
    dojo.forget()
    dojo.apps.patch_namespaced_stateful_set_scale(TEMPO, dojo.namespace, {"spec": {"replicas": 0}})
    assert dojo.changes({}) == {"StatefulSet tempo-server": "update"}
    dojo.bring()
    scale = dojo.apps.read_namespaced_stateful_set_scale(TEMPO, dojo.namespace)
    assert scale.spec
    assert scale.spec.replicas == 1
    dojo.engine().preview(expect_no_changes=True)


def test_an_object_that_was_deleted_is_made_again(dojo: LiveStack) -> None:
    """As after a cluster that was made anew."""
    dojo.forget()
    dojo.core.delete_namespaced_service(TEMPO, dojo.namespace)
    assert dojo.changes({}) == {"Service tempo-service": "create"}
    dojo.bring()
    assert dojo.core.read_namespaced_service(TEMPO, dojo.namespace)
