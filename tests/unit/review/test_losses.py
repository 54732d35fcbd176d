"""What a change could lose, and what keeps it."""

from dataclasses import replace
from typing import Any

import pytest

from review.losses import Warned, losses, shorter_retention
from snapshot.changes import changes
from snapshot.recorder import Registration
from tests.support.registrations import resource

STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
NAME = {"metadata": {"name": "x"}}


def volumes(size: str, when_deleted: str = "Delete") -> dict[str, Any]:
    """Return the inputs of a StatefulSet with claims."""
    policy = {"whenDeleted": when_deleted, "whenScaled": "Retain"}
    spec = {
        "replicas": 3,
        "volumeClaimTemplates": [{"size": size}],
        "persistentVolumeClaimRetentionPolicy": policy,
    }
    return NAME | {"spec": spec}


def warned(before: list[Registration], after: list[Registration]) -> list[Warned]:
    """Return the warnings of a change."""
    return list(losses(changes(before, after), before, after))


HOLDERS = {
    "volumes": (STATEFUL_SET, volumes("1Gi"), "the volumes of 3 Pods"),
    "a namespace": ("kubernetes:core/v1:Namespace", NAME, "everything in the namespace"),
    "a claim": ("kubernetes:core/v1:PersistentVolumeClaim", NAME, "a volume"),
    "a bucket": ("aws:s3/bucket:Bucket", {"bucket": "traces", "forceDestroy": True}, "bucket traces with all its"),
    "a key": ("aws:kms/key:Key", {"deletionWindowInDays": 7}, "(7 days later)"),
    "a drawn key": ("random:index/randomBytes:RandomBytes", {"length": 32}, "the key to everything"),
}


@pytest.mark.parametrize(("kind", "inputs", "holds"), HOLDERS.values(), ids=HOLDERS)
def test_deleting_what_holds_data_is_a_loss(kind: str, inputs: dict[str, Any], holds: str) -> None:
    (found,) = warned([resource(kind, inputs)], [])
    assert found.loses
    assert "x is deleted: this deletes" in found.sentence
    assert holds in found.sentence


@pytest.mark.parametrize(("kind", "inputs", "_holds"), HOLDERS.values(), ids=HOLDERS)
def test_protection_turns_the_loss_into_a_refusal(kind: str, inputs: dict[str, Any], _holds: str) -> None:
    (found,) = warned([resource(kind, inputs, protect=True)], [])
    assert not found.loses
    assert "the engine refuses the whole update" in found.sentence


@pytest.mark.parametrize(("kind", "inputs", "_holds"), HOLDERS.values(), ids=HOLDERS)
def test_retention_leaves_it_behind(kind: str, inputs: dict[str, Any], _holds: str) -> None:
    (found,) = warned([resource(kind, inputs, retain_on_delete=True)], [])
    assert not found.loses
    assert "it stays where it is" in found.sentence


def test_another_size_of_a_volume_replaces_and_deletes_it() -> None:
    (found,) = warned([resource(STATEFUL_SET, volumes("1Gi"))], [resource(STATEFUL_SET, volumes("2Gi"))])
    assert found == Warned("StatefulSet x is replaced: this deletes the volumes of 3 Pods.", loses=True)


def test_volumes_that_outlive_their_statefulset_are_not_lost() -> None:
    before, after = (resource(STATEFUL_SET, volumes(size, "Retain")) for size in ("1Gi", "2Gi"))
    (found,) = warned([before], [after])
    outcome = "the volumes of 3 Pods stay, and a StatefulSet of the same name takes them over."
    assert found == Warned(f"StatefulSet x is replaced: {outcome}", loses=False)


def test_a_retained_one_that_is_replaced_conflicts_with_its_successor() -> None:
    before, after = (
        resource(STATEFUL_SET, volumes(size, "Retain"), retain_on_delete=True) for size in ("1Gi", "2Gi")
    )
    (found,) = warned([before], [after])
    assert "A new one of the same name conflicts with it." in found.sentence


def test_a_bucket_that_is_not_forced_must_be_empty() -> None:
    (found,) = warned([resource("aws:s3/bucket:Bucket", {"bucket": "traces"})], [])
    assert "which Amazon refuses unless it is empty" in found.sentence


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        (STATEFUL_SET, NAME | {"spec": {"replicas": 1}}),
        ("kubernetes:apps/v1:Deployment", NAME | {"spec": {}}),
        ("random:index/randomPassword:RandomPassword", {"length": 20}),
        ("kubernetes:core/v1:ConfigMap", NAME),
    ],
)
def test_what_holds_no_data_can_go(kind: str, inputs: dict[str, Any]) -> None:
    assert warned([resource(kind, inputs)], []) == []


def test_an_update_in_place_loses_nothing() -> None:
    before = resource(STATEFUL_SET, volumes("1Gi"))
    assert warned([before], [replace(before, inputs=volumes("1Gi", "Retain"))]) == []


@pytest.mark.parametrize(("option", "word"), [("protect", "protected"), ("retain_on_delete", "retained")])
def test_what_is_guarded_no_longer_is_told(option: str, word: str) -> None:
    holder, other = resource(STATEFUL_SET, volumes("1Gi")), resource("kubernetes:core/v1:Service", NAME, "y")
    on: dict[str, Any] = {option: True}
    (found,) = warned([replace(holder, **on), replace(other, **on)], [holder, other])
    assert f"StatefulSet x is {word} no longer" in found.sentence
    assert not found.loses
    assert warned([holder], [replace(holder, **on)]) == []


def test_a_shorter_retention_deletes_and_a_longer_one_does_not() -> None:
    hours = {"retention.detailed_hours": 168, "retention.long_term_hours": 720}
    assert list(shorter_retention(hours, {name: hours_ + 1 for name, hours_ in hours.items()})) == []
    shorter, removed = shorter_retention(hours, {"retention.detailed_hours": 24})
    assert shorter.loses
    assert "from 168 h to 24 h" in shorter.sentence
    assert removed.loses
    assert "retention.long_term_hours (720 h) is removed" in removed.sentence
