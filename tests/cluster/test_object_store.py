"""The bucket's content, its set-up, and Tempo's permissions."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from lab.node.layout import NodeFolder
from plan.limits import checked_plan
from render.storage.lifecycle import lifecycle_rules
from tests.cluster import object_store
from tests.cluster.tempo_api import FLUSHED_SECONDS, tempo_api
from tests.cluster.traffic import send_one
from tests.support.live import LiveStack

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.cluster

_DENIED = "AccessDenied"
# Tenant, block, file.
_BLOCK_KEY_PARTS = 3
# The first bytes of every Parquet file.
_PARQUET = b"PAR1"


@pytest.fixture
def store(dojo: LiveStack) -> "S3Client":
    """The stack's store, with its root credentials."""
    return object_store.administrator(dojo)


@pytest.fixture
def foreign_bucket(store: "S3Client") -> Iterator[str]:
    """A bucket of somebody else in the same store, with an object in it."""
    name = "somebody-elses"
    store.create_bucket(Bucket=name)
    store.put_object(Bucket=name, Key="theirs", Body=b"private")
    yield name
    store.delete_object(Bucket=name, Key="theirs")
    store.delete_bucket(Bucket=name)


def test_a_trace_is_flushed_to_an_encrypted_block_in_the_bucket(dojo: LiveStack, store: "S3Client") -> None:
    """A Tempo that only keeps traces on its own disk answers searches just as well, until it is lost."""
    trace_id = send_one(dojo)
    with tempo_api(dojo) as tempo:
        tempo.wait_for(trace_id, mode="blocks", seconds=FLUSHED_SECONDS)
    blocks: dict[str, set[str]] = {}
    for key in _keys(store, dojo.settings.object_store.bucket):
        # The tenant's folder also contains the index of the blocks.
        if len(parts := key.split("/")) == _BLOCK_KEY_PARTS:
            blocks.setdefault(parts[1], set()).add(parts[2])
    written = [names for names in blocks.values() if {"meta.json", "data.parquet", "index", "bloom-0"} <= names]
    assert written
    assert _encryptions(store, dojo.settings.object_store.bucket) == {"AES256"}
    if dojo.target.node:
        assert not list(_readable_parquet(NodeFolder(dojo.target.node.kubeconfig.parents[2]).volumes, dojo))


def test_the_bucket_is_set_up_as_the_settings_say(dojo: LiveStack, store: "S3Client") -> None:
    """The set-up is a script in a Pod: only the store shows its result."""
    settings, bucket = dojo.settings, dojo.settings.object_store.bucket
    rules: list[Any] = store.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    # A store may list them in any order.
    assert sorted(rules, key=lambda rule: str(rule["ID"])) == lifecycle_rules(settings, checked_plan(settings))
    assert store.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (rule,) = store.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_tempos_keys_reach_nothing_but_tempos_objects(dojo: LiveStack, foreign_bucket: str) -> None:
    """An intruder in Tempo must not reach other buckets, nor undo the bucket's protection."""
    tempo, own = object_store.tempo(dojo), dojo.settings.object_store.bucket
    assert tempo.list_objects_v2(Bucket=own)["ResponseMetadata"]["HTTPStatusCode"] == 200
    suspended: Any = {"Status": "Suspended"}
    attempts: dict[str, Callable[[], object]] = {
        "read another bucket": lambda: tempo.get_object(Bucket=foreign_bucket, Key="theirs"),
        "list another bucket": lambda: tempo.list_objects_v2(Bucket=foreign_bucket),
        "write to another bucket": lambda: tempo.put_object(Bucket=foreign_bucket, Key="mine", Body=b""),
        "make a bucket": lambda: tempo.create_bucket(Bucket="yet-another"),
        "delete its own bucket": lambda: tempo.delete_bucket(Bucket=own),
        "end versioning": lambda: tempo.put_bucket_versioning(Bucket=own, VersioningConfiguration=suspended),
        "end the lifecycle": lambda: tempo.delete_bucket_lifecycle(Bucket=own),
    }
    assert {name: _refusal(attempt) for name, attempt in attempts.items()} == dict.fromkeys(attempts, _DENIED)


def _keys(store: "S3Client", bucket: str) -> list[str]:
    pages = store.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="single-tenant/")
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def _encryptions(store: "S3Client", bucket: str) -> set[str]:
    found: set[str] = set()
    for key in _keys(store, bucket):
        try:
            found.add(store.head_object(Bucket=bucket, Key=key).get("ServerSideEncryption", "none"))
        except ClientError as error:
            # Compaction may have deleted the file meanwhile.
            if error.response["Error"]["Code"] != "404":
                raise
    return found


def _readable_parquet(volumes: Path, stack: LiveStack) -> Iterator[Path]:
    """Yield the files on MinIO's volume that contain an unencrypted Parquet file."""
    claim = stack.core.read_namespaced_persistent_volume_claim("data-minio-0", stack.namespace)
    assert claim.spec
    # MinIO writes beside the bucket, too, in files that come and go.
    bucket = volumes / str(claim.spec.volume_name) / stack.settings.object_store.bucket
    for file in bucket.rglob("*"):
        if file.is_file() and _PARQUET in file.read_bytes():
            yield file


def _refusal(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "allowed"
