"""The digest of a preview: the same for the same plan, another one for another, none for a failed preview."""

import copy
from typing import Any

import pytest

from review.digest import digest
from review.previews import PreviewError, preview
from snapshot.changes import Effect
from tests.support.events import error, state, step, summary
from tests.support.recorded_previews import recording

KIND, CONFIG_MAP = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:ConfigMap"


def named(name: str, **more: Any) -> dict[str, Any]:
    """Return the inputs of an object."""
    return {"metadata": {"name": name}, **more}


def drawn(suffix: str) -> list[dict[str, Any]]:
    """Return a plan in which a ConfigMap gets a new drawn name, and a workload mounts it."""
    annotations = {"pulumi.com/autonamed": "true"}
    old, new = (
        state(CONFIG_MAP, "files", {"metadata": {"name": name, "annotations": annotations}, "data": {"a": data}})
        for name, data in (("files-0ld", "1"), (f"files-{suffix}", "2"))
    )
    before, after = (
        state(KIND, "app", named("app", spec={"file": name})) for name in ("files-0ld", f"files-{suffix}")
    )
    return [step("replace", old, new, ("data",)), step("update", before, after, ("spec.file",)), summary()]


def plan(replicas: int, operation: str = "update", **other: Any) -> list[dict[str, Any]]:
    """Return a plan that changes one workload."""
    old, new = (state(KIND, "app", named("app", spec={"replicas": count})) for count in (1, replicas))
    return [step(operation, old, new | other, ("spec.replicas",)), summary()]


def test_a_digest_is_short_text() -> None:
    assert len(digest(plan(2))) == 64
    assert int(digest(plan(2)), 16)


def test_equal_plans_have_equal_digests_at_any_time_and_in_any_order() -> None:
    same = state(KIND, "same", named("same"))
    one = [*plan(2), step("create", None, state(KIND, "new", named("new"))), step("same", same, same)]
    other = copy.deepcopy(one)[::-1]
    for number, event in enumerate(other):
        event |= {"sequence": number, "timestamp": 1_900_000_000 + number}
    assert digest(one) == digest(other)


def test_names_that_every_preview_draws_do_not_count() -> None:
    assert digest(drawn("a1b2c3")) == digest(drawn("d4e5f6"))


@pytest.mark.parametrize(
    "other",
    [
        plan(3),
        plan(2, protect=True),
        plan(2, retainOnDelete=True),
        [*plan(2)[:-1], step("delete", state(KIND, "x", named("x")), None), summary()],
        plan(2, operation="replace"),
        [summary()],
    ],
)
def test_another_plan_has_another_digest(other: list[dict[str, Any]]) -> None:
    assert digest(other) != digest(plan(2))


def test_another_object_of_the_same_name_is_another_plan() -> None:
    """Somebody approved the deletion of one bucket, and the state has another one by now."""
    one, other = (
        [step("delete", state(KIND, "x", named("x"), id=identity), None), summary()] for identity in ("a", "b")
    )
    assert digest(one) != digest(other)


def test_what_stays_the_same_does_not_count_unless_its_guard_changes() -> None:
    same = state(KIND, "same", named("same"))
    assert digest([step("same", same, same), summary()]) == digest([summary()])
    assert digest([step("same", same | {"protect": True}, same), summary()]) != digest([summary()])


@pytest.mark.parametrize("events", [[*plan(2), error("it is protected")], plan(2)[:-1], []])
def test_a_preview_that_failed_has_none(events: list[dict[str, Any]]) -> None:
    with pytest.raises(PreviewError, match="The preview failed"):
        digest(events)


def test_two_runs_of_the_engine_on_the_same_change_have_one_digest() -> None:
    """Files and Jobs get new drawn names in each of them, and the times differ."""
    assert recording("prod-change") != recording("prod-change-again")
    assert digest(recording("prod-change")) == digest(recording("prod-change-again"))


def test_a_run_with_another_value_of_one_setting_has_another() -> None:
    assert digest(recording("prod-change")) != digest(recording("prod-change-other"))


@pytest.mark.parametrize("name", ["prod-protected", "prod-refused", "prod-policy", "prod-unprotect"])
def test_a_recorded_preview_that_failed_has_none(name: str) -> None:
    with pytest.raises(PreviewError, match="The preview failed"):
        digest(recording(name))


def test_a_recorded_preview_of_no_change_is_a_plan_of_nothing() -> None:
    assert digest(recording("prod-unchanged")) == digest([summary()])
    assert digest(recording("prod-create")) != digest([summary()])


@pytest.mark.parametrize(
    "metadata", ["[secret]", {"name": "app", "annotations": "[secret]"}, {"annotations": None}]
)
def test_metadata_that_are_not_told_have_a_digest_and_a_change_all_the_same(metadata: Any) -> None:
    """The engine writes one text in the place of a whole secret or unknown value."""
    events = [step("create", None, state(KIND, "app", {"metadata": metadata})), summary()]
    assert len(digest(events)) == 64
    replaced = state(KIND, "app", {"metadata": metadata})
    (change,) = preview([step("replace", replaced, replaced), summary()]).changes()
    assert change.effect == Effect.REPLACED
