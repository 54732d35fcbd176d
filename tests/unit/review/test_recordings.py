"""Comments on previews that the real engine made."""

from collections import Counter

import pytest

from review.comment import comment
from review.previews import preview
from review.sides import Stack
from review.stack_review import StackReview, stack_review
from snapshot.changes import Effect
from tests.support.markdown import read
from tests.support.recorded_previews import recording


def reviewed(name: str) -> StackReview:
    """Return the review of a recorded preview, of a stack whose program is the same on both sides."""
    return stack_review("prod", Stack(), Stack(), preview(recording(name)))


def effects(name: str) -> Counter[Effect]:
    """Return the number of resources by effect."""
    return Counter(change.effect for change in preview(recording(name)).changes())


def test_a_first_preview_creates_everything() -> None:
    assert effects("prod-create") == {Effect.CREATED: 100}
    assert preview(recording("prod-create")).complete


def test_a_preview_of_no_change_says_nothing_of_resources() -> None:
    found = reviewed("prod-unchanged")
    assert found.previewed
    assert found.is_untouched
    assert found.findings == ()


def test_a_protected_volume_is_refused_with_the_engines_reason() -> None:
    found = preview(recording("prod-protected"))
    assert not found.complete
    assert "it is currently marked for protection" in found.errors[0]
    assert "urn:pulumi" not in found.errors[0]
    assert "preview failed" not in " ".join(found.errors)


def test_settings_that_the_program_refuses_are_told_with_their_sentence() -> None:
    found = reviewed("prod-refused")
    (problem,) = found.problems
    assert problem.startswith("The engine's preview failed: Pulumi.prod.yaml is refused:")
    assert "tempo.search_window_hours: is shorter than the longest retention" in problem
    assert found.findings is None, "a pack that saw no resource found nothing, and nobody should be told so"


@pytest.mark.parametrize("name", ["prod-create", "prod-unchanged", "prod-protected", "prod-refused"])
def test_every_recording_becomes_a_well_formed_comment(name: str) -> None:
    text = comment([reviewed(name)], "Compared.", "See all.")
    assert read(text).table("stack")[1][0].startswith("prod")
    assert text.count("<details>") == text.count("</details>")
