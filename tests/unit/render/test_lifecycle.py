"""The bucket's own deletions: a backstop behind Tempo, and the clean-up that versioning and uploads need."""

from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from render.lifecycle import lifecycle_rules, tenant_folders
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.strategies import valid_settings

NONCURRENT = {
    "ID": "noncurrent",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
}
MARKERS = {
    "ID": "delete-markers",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Expiration": {"ExpiredObjectDeleteMarker": True},
}
UPLOADS = {
    "ID": "multipart",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
}
S3_COMPATIBLE: dict[str, Any] = {
    "object_store.kind": "s3_compatible",
    "object_store.minio": ABSENT,
    "object_store.endpoint": "store:8333",
    "images.object_store": ABSENT,
}


def backstop(tenant: str, days: int) -> dict[str, Any]:
    """Return the rule that expires what Tempo lost track of."""
    return {
        "ID": f"backstop-{tenant}",
        "Status": "Enabled",
        "Filter": {"Prefix": f"{tenant}/"},
        "Expiration": {"Days": days},
    }


def rules_of(settings: StackSettings) -> list[dict[str, Any]]:
    """Return the rules of a stack."""
    return lifecycle_rules(settings, make_plan(settings))


@pytest.mark.parametrize(
    ("stack", "changes", "expected"),
    [
        # MinIO has no rule for uploads: a setting of the server does it.
        ("dojo", {}, [backstop("single-tenant", 9), MARKERS, NONCURRENT]),
        ("dojo", {"object_store.versioning": False}, [backstop("single-tenant", 9)]),
        ("dojo", S3_COMPATIBLE, [backstop("single-tenant", 9), MARKERS, UPLOADS, NONCURRENT]),
        (
            "prod",
            {"tenants.namespaces": ["backstage"]},
            [backstop("backstage", 38), backstop("shared", 38), MARKERS, UPLOADS, NONCURRENT],
        ),
        (
            "prod",
            {"tenants.namespaces": ["backstage"], "object_store.versioning": False},
            [backstop("backstage", 38), backstop("shared", 38), UPLOADS],
        ),
    ],
)
def test_each_kind_of_store_gets_the_rules_it_understands(
    stack: str, changes: dict[str, Any], expected: list[dict[str, Any]]
) -> None:
    assert rules_of(settings_of(stack, changes)) == sorted(expected, key=lambda rule: str(rule["ID"]))


@given(settings=valid_settings())
def test_the_bucket_never_deletes_a_block_that_tempo_still_keeps(settings: StackSettings) -> None:
    kept = max(settings.retention.detailed_hours, settings.retention.long_term_hours or 0)
    expiries = [rule["Expiration"]["Days"] for rule in rules_of(settings) if "Days" in rule.get("Expiration", {})]
    assert len(expiries) == len(tenant_folders(settings))
    assert all(days * 24 > kept + settings.retention.compacted_block_hours for days in expiries)


@given(settings=valid_settings())
def test_an_expiry_of_live_objects_never_covers_the_buckets_root(settings: StackSettings) -> None:
    for rule in rules_of(settings):
        if "Days" in rule.get("Expiration", {}):
            assert rule["Filter"]["Prefix"].endswith("/")


@given(settings=valid_settings())
def test_rules_are_told_apart_and_stand_in_a_stable_order(settings: StackSettings) -> None:
    names = [rule["ID"] for rule in rules_of(settings)]
    assert names == sorted(set(names))
    assert all(len(name) <= 255 for name in names)
