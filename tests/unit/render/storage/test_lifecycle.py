"""Deletions by the bucket itself: a backstop behind Tempo, and the clean-up after versioning and uploads."""

from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from render.storage.lifecycle import access_log_rules, lifecycle_rules
from render.tenants import long_term_tenants, multitenancy, tenant_folders, tenants
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.strategies import valid_settings

UPLOADS = {
    "ID": "multipart",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
}
WITH_TIERING = {"object_store.aws.intelligent_tiering_after_days": 1}
S3_COMPATIBLE: dict[str, Any] = {
    "object_store.kind": "s3_compatible",
    "object_store.minio": ABSENT,
    "object_store.endpoint": "store:8333",
    "images.object_store": ABSENT,
}


def rules_of(settings: StackSettings) -> list[dict[str, Any]]:
    """Return the rules of a stack."""
    return lifecycle_rules(settings, make_plan(settings))


@pytest.mark.parametrize(
    ("stack", "changes", "further"),
    [
        # MinIO has no rule for uploads: a setting of the server does the same.
        ("dojo", {}, set()),
        ("dojo", S3_COMPATIBLE, {"multipart"}),
        ("prod", WITH_TIERING, {"multipart", "intelligent-tiering"}),
        ("prod", {}, {"multipart"}),
    ],
)
@pytest.mark.parametrize("versioning", [True, False])
def test_each_kind_of_store_gets_the_rules_it_understands(
    stack: str,
    changes: dict[str, Any],
    further: set[str],
    versioning: bool,  # noqa: FBT001 - a table's column
) -> None:
    """Old versions are removed without versioning too: a bucket that had it keeps them otherwise."""
    rules = rules_of(settings_of(stack, changes | {"object_store.versioning": versioning}))
    names = {rule["ID"] for rule in rules if not rule["ID"].startswith("backstop-")}
    assert names == {"noncurrent", "delete-markers"} | further


@given(settings=valid_settings())
def test_the_bucket_never_deletes_a_block_that_tempo_still_keeps(settings: StackSettings) -> None:
    kept = max(settings.retention.detailed_hours, settings.retention.long_term_hours or 0)
    expiries = [rule["Expiration"]["Days"] for rule in rules_of(settings) if "Days" in rule.get("Expiration", {})]
    assert len(expiries) == len(tenant_folders(settings))
    assert all(days * 24 > kept + settings.retention.compacted_block_hours for days in expiries)


@given(settings=valid_settings())
def test_an_expiry_of_live_objects_never_covers_the_buckets_root(settings: StackSettings) -> None:
    """Tempo keeps its own state there."""
    for rule in rules_of(settings):
        if "Days" in rule.get("Expiration", {}):
            assert rule["Filter"]["Prefix"].endswith("/")


@given(settings=valid_settings())
def test_rules_are_told_apart_and_stand_in_a_stable_order(settings: StackSettings) -> None:
    names = [rule["ID"] for rule in rules_of(settings)]
    assert names == sorted(set(names))
    assert all(len(name) <= 255 for name in names)


@given(settings=valid_settings())
def test_what_tempo_may_read_never_leaves_for_an_archive(settings: StackSettings) -> None:
    """A read from Glacier fails until somebody restores the object, so searches would fail too."""
    for rule in rules_of(settings):
        assert {move["StorageClass"] for move in rule.get("Transitions", [])} <= {"INTELLIGENT_TIERING"}


@given(settings=valid_settings())
def test_an_old_version_moves_before_it_expires_or_not_at_all(settings: StackSettings) -> None:
    """S3 refuses the whole configuration otherwise."""
    for rule in rules_of(settings):
        for move in rule.get("NoncurrentVersionTransitions", []):
            assert move["NoncurrentDays"] < rule["NoncurrentVersionExpiration"]["NoncurrentDays"]


@given(settings=valid_settings())
def test_no_tenants_folder_is_within_anothers(settings: StackSettings) -> None:
    """The long-term tenant's name begins with that of the detailed one; the slash separates their rules."""
    folders = [f"{folder}/" for folder in tenant_folders(settings)]
    assert folders
    assert not [one for one in folders for other in folders if one != other and one.startswith(other)]


@pytest.mark.parametrize(
    ("stack", "changes", "expected"),
    [
        ("dojo", {}, ([], [], ["single-tenant"])),
        (
            "prod",
            {"tenants.namespaces": ["jenkins", "backstage"], "retention.long_term_hours": ABSENT},
            (["backstage", "jenkins", "shared"], [], ["backstage", "jenkins", "shared"]),
        ),
        (
            "prod",
            {"tenants.namespaces": ["jenkins"]},
            (
                ["jenkins", "shared"],
                ["jenkins-long-term", "shared-long-term"],
                ["jenkins", "jenkins-long-term", "shared", "shared-long-term"],
            ),
        ),
        # Each tenant has one retention, so two tiers require two tenants even without tenants by namespace.
        (
            "prod",
            {"tenants.mode": "single", "tenants.namespaces": []},
            (["shared"], ["shared-long-term"], ["shared", "shared-long-term"]),
        ),
    ],
)
def test_each_tier_has_its_tenants_and_each_tenant_a_folder(
    stack: str, changes: dict[str, Any], expected: tuple[list[str], list[str], list[str]]
) -> None:
    settings = settings_of(stack, changes)
    assert (tenants(settings), long_term_tenants(settings), tenant_folders(settings)) == expected
    assert multitenancy(settings) == bool(expected[0])


def test_access_logs_expire_after_what_the_settings_say() -> None:
    store = settings_of("prod", {"object_store.aws.access_log_expiry_days": 400}).object_store
    assert store.aws
    expiry = {"ID": "expiry", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}}
    assert [rule for rule in access_log_rules(store, store.aws) if rule["ID"] == "expiry"] == [expiry]


def test_access_logs_that_were_deleted_stay_as_long_as_deleted_blocks_and_no_longer() -> None:
    """Without these rules versions and delete markers would stay for ever, and be paid for."""
    store = settings_of("prod", {"object_store.noncurrent_expiry_days": 30}).object_store
    assert store.aws
    rules = {rule["ID"]: rule for rule in access_log_rules(store, store.aws)}
    assert sorted(rules) == ["delete-markers", "expiry", "multipart", "noncurrent"]
    assert rules["noncurrent"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert rules["delete-markers"]["Expiration"] == {"ExpiredObjectDeleteMarker": True}
    assert rules["multipart"] == UPLOADS
