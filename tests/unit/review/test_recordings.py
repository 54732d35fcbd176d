"""Comments on previews that the real engine made."""

from collections import Counter

import pytest

from review.comment import comment
from review.previews import preview
from review.sides import Stack
from review.stack_review import StackReview, stack_review
from snapshot.changes import Effect
from tests.support.markdown import read
from tests.support.recorded_previews import FOLDER, recording


def reviewed(name: str) -> StackReview:
    """Return the review of a recorded preview, of a stack whose program is the same on both sides."""
    return stack_review(name, Stack(), Stack(), preview(recording(name)))


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


def test_a_change_is_told_by_what_it_does_to_each_resource() -> None:
    """Another threshold, a longer retention, another block duration and number of gateways, no ServiceMonitors."""
    expected = {Effect.DELETED: 10, Effect.RESTARTED: 7, Effect.RENEWED: 2, Effect.RELOADED: 1}
    assert effects("prod-change") == expected
    assert preview(recording("prod-change")).accepted
    text = comment([reviewed("prod-change")], "Compared.", "See all.")
    policies = "NetworkPolicy network-prometheus-to-collectors-ingress and network-prometheus-to-tempo-ingress"
    assert f"- Deleted: {policies}, 8 ServiceMonitors\n" in text


def test_a_preview_that_rules_on_the_stack_refuse_still_says_what_it_would_do() -> None:
    """They run when the engine has come to all resources."""
    found = preview(recording("prod-policy"))
    assert found.complete
    assert not found.accepted
    expected = {Effect.DELETED: 10, Effect.RESTARTED: 7, Effect.RENEWED: 2, Effect.RELOADED: 1, Effect.UPDATED: 1}
    assert effects("prod-policy") == expected


def test_findings_are_told_by_severity_with_what_refuses_the_change() -> None:
    rows = read(comment([reviewed("prod-policy")], "Compared.", "See all.")).table("severity")[1:]
    assert [row[:4] for row in rows] == [
        ["critical", "volume-snapshots", "mandatory", "StatefulSet gateway-server"],
        ["medium", "cost-centre-label", "advisory", "DaemonSet agent-daemon"],
        ["unrated", "cost-ceiling", "advisory", "the stack"],
    ]
    assert rows[1][4] == "DaemonSet has no label `cost-centre` | add it: `metadata.labels.cost-centre`"
    assert reviewed("prod-policy").problems == ("Policies refuse this change: 1 mandatory finding.",)


def test_protection_that_is_turned_off_is_warned_of() -> None:
    assert effects("prod-unprotect") == {Effect.GUARDED: 7}
    warned = [one.sentence for one in reviewed("prod-unprotect").warnings]
    assert len(warned) == 7
    assert all("is protected no longer" in sentence for sentence in warned)


def test_a_store_that_is_given_up_is_lost_with_its_key() -> None:
    """The dojo protects nothing: MinIO, its volume and its encryption key go."""
    lost = [one.sentence for one in reviewed("dojo-own-store").warnings if one.loses]
    assert lost == [
        "RandomBytes store-minio-encryption is deleted: this deletes the key to everything that it encrypted.",
        "StatefulSet store-minio-server is deleted: this deletes the volumes of 1 Pod.",
    ]


def test_credentials_that_were_set_as_secrets_are_neither_in_the_log_nor_in_the_comment() -> None:
    """The engine was given these for the recording."""
    events = recording("dojo-own-store")
    text = comment([reviewed("dojo-own-store")], "Compared.", "See all.")
    for planted in ("PLANTEDACCESSKEY", "planted-secret-value"):
        assert planted not in str(events)
        assert planted not in text
    assert "[secret]" in str(events)


def test_a_replacement_that_the_api_server_refuses_at_the_preview_is_told_with_its_reason() -> None:
    found = preview(recording("dojo-replace"))
    assert not found.complete
    (reason,) = found.errors
    assert reason.startswith("StatefulSet store-minio-server: Preview failed: ")
    assert "updates to statefulset spec" in reason


RECORDINGS = sorted(path.name.removesuffix(".jsonl.gz") for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", RECORDINGS)
def test_every_recording_becomes_a_well_formed_comment(name: str) -> None:
    text = comment([reviewed(name)], "Compared.", "See all.")
    assert read(text).table("stack")[1][0].startswith(name)
    assert text.count("<details>") == text.count("</details>")
