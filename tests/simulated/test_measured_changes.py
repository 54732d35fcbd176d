"""What a change does, measured without an engine, is what the engine and its plugins plan.

docs/changes.md is measured; here changes of each kind are compared with previews.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from lab.engine.run import EngineError
from review.names import label
from review.previews import preview, read_events
from snapshot.changes import Change, Effect, changes
from snapshot.program import record_program
from tests.support.live import LiveStack, Overlay, section
from tests.support.programs import recorded
from tests.support.stacks import config_of, merge

# On one stack only: it takes minutes, and nothing here depends on the stack.
pytestmark = [
    pytest.mark.simulated,
    pytest.mark.parametrize("deployed", ["prod"], indirect=True, scope="session"),
]

_OPERATIONS = {
    Effect.CREATED: "create",
    Effect.DELETED: "delete",
    Effect.REPLACED: "replace",
    Effect.RENEWED: "replace",
    Effect.RESTARTED: "restart",
    Effect.RELOADED: "update",
    Effect.UPDATED: "update",
}
# Both overlays change it: one its labels, one its text, which the recorder hides.
_DATASOURCES = "observability-datasources-secret"
_SHOWN = ("create", "delete", "replace", "update")
_PLANNED: dict[str, Overlay] = {
    "labels and tags of everything": section("environment", team="another-team"),
    # Agents, ingesters and memcached restart. Deployments change too, and do not.
    "settings of seven sections": {
        **section("cluster", rollout_timeout_minutes=17),
        **section("images", memcached={"tag": "1.6.40-alpine"}),
        **section(
            "collectors",
            agent={"priority_class": "system-node-critical", "resources": {"memory_limit_mib": 640}},
        ),
        **section("object_store", aws={"eks_cluster": "fawkes-blue"}, versioning=False, noncurrent_expiry_days=2),
        **section("grafana", service_monitors=False),
        # Without monitors nothing scrapes agents.
        **section("span_metrics", source="tempo"),
        **section("tempo", require_zones=True),
    },
}
_REFUSED: dict[str, Overlay] = {
    "a volume's size": section("tempo", volume_size_gib=500),
    "a bucket": section("object_store", bucket="fawkes-tempo-traces-other"),
}


def measured(stack: LiveStack, overlay: Overlay) -> list[Change]:
    """Return what the overlay changes in the committed stack, without an engine."""
    changed = record_program(merge(config_of(stack.name), overlay), stack.name)
    return changes(recorded(stack.name).registrations, changed.registrations)


def operations(found: list[Change]) -> dict[str, str]:
    """Return the operation of each resource as `planned` does."""
    resources = [change for change in found if change.kind != "Provider"]
    return {f"{change.kind} {change.name}": _OPERATIONS[change.effect] for change in resources}


def planned(stack: LiveStack, overlay: Overlay) -> dict[str, str]:
    """Return the operation of each resource in a preview, without those of providers.

    `restart` is an update of what Pods are made from.
    """
    steps = [step for step in stack.engine(overlay).preview_document()["steps"] if step["op"] in _SHOWN]
    resources = [(label(step["urn"]), step) for step in steps]
    return {
        name: "restart" if step["op"] == "update" and _changes_pods(step) else step["op"]
        for name, step in resources
        if name[:1].isupper()
    }


def _changes_pods(step: Mapping[str, Any]) -> bool:
    """Return whether a path of the plugin's own comparison is in the template of Pods."""
    return any(path.startswith("spec.template") for path in step.get("detailedDiff") or ())


@pytest.mark.parametrize("overlay", _PLANNED.values(), ids=list(_PLANNED))
def test_a_preview_plans_what_was_measured(stack: LiveStack, overlay: dict[str, Any]) -> None:
    found = measured(stack, overlay)
    assert planned(stack, overlay) == operations(found) | {f"Secret {_DATASOURCES}": "update"}
    # The comment of a pull request reads the same from the event log of that preview.
    log = read_events(stack.engine(overlay).events("preview"))
    assert _seen(preview(log).changes()) == _seen(found)


def _seen(found: list[Change]) -> list[Change]:
    return [change for change in found if change.name != _DATASOURCES]


@pytest.mark.parametrize("overlay", _REFUSED.values(), ids=list(_REFUSED))
def test_the_engine_refuses_what_was_measured_as_refused(stack: LiveStack, overlay: dict[str, Any]) -> None:
    """It names the first resource that it reaches."""
    refused = [change for change in measured(stack, overlay) if change.is_refused]
    with pytest.raises(EngineError) as error:
        stack.engine(overlay).preview()
    assert any(change.name in str(error.value) for change in refused)
