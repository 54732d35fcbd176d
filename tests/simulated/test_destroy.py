"""Resources that hold traces are not destroyed by mistake."""

import pytest

from lab.engine.run import EngineError
from tests.support.live import LiveStack

pytestmark = pytest.mark.simulated


def test_a_destroy_is_refused_while_the_settings_protect_what_holds_traces(stack: LiveStack) -> None:
    """Nothing at all is deleted: the engine refuses the whole operation before its first step."""
    engine = stack.engine()
    before = [resource["urn"] for resource in engine.export_state()["deployment"]["resources"]]
    with pytest.raises(EngineError) as refusal:
        engine.destroy()
    assert "protect" in str(refusal.value)
    assert [resource["urn"] for resource in engine.export_state()["deployment"]["resources"]] == before


def test_buckets_keys_volumes_and_namespace_are_protected(stack: LiveStack) -> None:
    """Without any one of them, traces are deleted or unreadable."""
    resources = stack.engine().export_state()["deployment"]["resources"]
    protected = {resource["type"].rpartition(":")[2] for resource in resources if resource.get("protect")}
    assert {"Bucket", "Key", "StatefulSet", "Namespace"} <= protected
    retained = {r["urn"] for r in resources if r.get("retainOnDelete")}
    assert bool(retained) is stack.settings.environment.retain_stateful_on_delete
