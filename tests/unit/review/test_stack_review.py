"""What is told of a stack, by what is known of it."""

import dataclasses

import pytest

from plan.cost.bill import CostItem
from review.findings import Finding
from review.previews import Preview, preview
from review.sides import Stack
from review.stack_review import StackReview, stack_review
from snapshot.changes import Change, Effect
from tests.support.events import error, state, step, summary, violation
from tests.support.registrations import resource

KIND = "kubernetes:core/v1:Service"
NAMED = {"metadata": {"name": "x"}}
BEFORE = Stack(resources=(resource(KIND, NAMED, "kept"), resource(KIND, NAMED, "old")))
AFTER = Stack(resources=(resource(KIND, NAMED, "kept"), resource(KIND, NAMED, "new")))
RECORDED = Finding(rule="a-rule", severity="low", level="mandatory", resource="Service new", sentence="Recorded.")


def names(found: StackReview) -> list[tuple[str, Effect]]:
    """Return what happens to which resource."""
    return [(change.name, change.effect) for change in found.changes]


def seen(*events: dict[str, object]) -> Preview:
    """Return a preview that deletes another resource."""
    return preview([step("delete", state(KIND, "drifted", NAMED), None), *events])


def test_without_a_preview_the_programs_are_compared() -> None:
    found = stack_review("prod", BEFORE, AFTER)
    assert names(found) == [("new", Effect.CREATED), ("old", Effect.DELETED)]
    assert not found.previewed
    assert found.foreign == 0


def test_a_complete_preview_says_what_happens_and_what_is_not_from_here() -> None:
    new = step("create", None, state(KIND, "new", NAMED))
    found = stack_review("prod", BEFORE, AFTER, seen(new, summary()))
    assert names(found) == [("drifted", Effect.DELETED), ("new", Effect.CREATED)]
    assert found.previewed
    assert found.foreign == 1


def test_a_preview_that_failed_gives_its_reasons_and_leaves_the_rest_to_the_programs() -> None:
    found = stack_review("prod", BEFORE, AFTER, seen(error("it is protected"), summary()))
    assert names(found) == [("new", Effect.CREATED), ("old", Effect.DELETED)]
    assert found.problems == ("The engine's preview failed: it is protected",)
    assert stack_review("prod", BEFORE, AFTER, seen()).problems == (
        "The engine's preview failed: the engine gave no reason, or was stopped",
    )


@pytest.mark.parametrize("pack", [{}, {"pack": "v1"}])
def test_findings_are_the_previews_if_it_had_policies(pack: dict[str, str]) -> None:
    """At a preview rules see values as unknown that a recording knows."""
    after = dataclasses.replace(AFTER, findings=(RECORDED,))
    assert stack_review("prod", BEFORE, after).findings == (RECORDED,)
    expected = () if pack else (RECORDED,)
    assert stack_review("prod", BEFORE, after, seen(summary(pack))).findings == expected


def test_a_preview_that_stopped_early_does_not_say_that_the_rest_is_fine() -> None:
    stopped = [error("it is protected"), summary({"pack": "v1"})]
    after = dataclasses.replace(AFTER, findings=(RECORDED,))
    assert stack_review("prod", BEFORE, after, seen(*stopped)).findings == (RECORDED,)
    assert stack_review("prod", BEFORE, AFTER, seen(*stopped)).findings is None
    said = violation("a-rule", "mandatory", "low", "Previewed.", state(KIND, "new", NAMED)["urn"])
    (found,) = stack_review("prod", BEFORE, after, seen(said, *stopped)).findings or ()
    assert found.sentence == "Previewed."


def test_the_worst_finding_comes_first_and_of_equals_the_one_that_refuses() -> None:
    given = [
        ("b", "", "mandatory"),
        ("c", "low", "advisory"),
        ("a", "critical", "advisory"),
        ("d", "low", "mandatory"),
    ]
    findings = tuple(
        Finding(rule=rule, severity=severity, level=level, resource="", sentence="")
        for rule, severity, level in given
    )
    found = stack_review("prod", BEFORE, dataclasses.replace(AFTER, findings=findings)).findings
    assert [one.rule for one in found or ()] == ["a", "d", "c", "b"]


def test_a_new_stack_is_created_whole_and_a_removed_one_is_left_alone() -> None:
    assert names(stack_review("new", None, AFTER)) == [("kept", Effect.CREATED), ("new", Effect.CREATED)]
    removed = stack_review("old", BEFORE, None)
    assert removed.changes == ()
    assert "2 resources stay until somebody runs `pulumi destroy --stack old`" in removed.warnings[0].sentence


def test_items_of_a_bill_are_compared_by_name() -> None:
    before = dataclasses.replace(
        BEFORE, cost=(CostItem(name="a", usd=1.0, basis=""), CostItem(name="b", usd=2.0, basis=""))
    )
    after = dataclasses.replace(
        AFTER, cost=(CostItem(name="b", usd=2.001, basis=""), CostItem(name="a", usd=3.0, basis=""))
    )
    cost = stack_review("prod", before, after).cost
    assert cost is not None
    assert [item.name for _, item in cost.items if item] == ["a"], "a tenth of a cent is no difference"
    assert (cost.before_usd, cost.after_usd) == pytest.approx((3.0, 5.001))


def test_a_stack_that_nothing_touches_says_so() -> None:
    assert stack_review("prod", BEFORE, BEFORE).is_untouched
    assert not stack_review("prod", BEFORE, AFTER).is_untouched
    assert not stack_review("prod", BEFORE, dataclasses.replace(BEFORE, files={"a.yaml": "x"})).is_untouched


def test_a_change_of_protection_alone_is_a_change() -> None:
    before = dataclasses.replace(BEFORE, resources=(resource(KIND, NAMED, "kept", protect=True),))
    after = dataclasses.replace(BEFORE, resources=(resource(KIND, NAMED, "kept"),))
    assert stack_review("prod", before, after).changes == (
        Change(Effect.GUARDED, "Service", "kept", is_protected=True),
    )
