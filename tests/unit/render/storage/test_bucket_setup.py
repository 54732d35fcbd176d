"""The setup script of the bucket: valid shell, without secrets, and no more than the store needs."""

import json
import shutil
import subprocess

import pytest
from hypothesis import given

from plan.plan import make_plan
from render.storage.bucket_setup import SCRIPT_FILE, bucket_policy, setup_files
from render.storage.lifecycle import lifecycle_rules
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, settings_of
from tests.support.strategies import valid_settings


def script_of(settings: StackSettings) -> str:
    """Return the script of a stack."""
    return setup_files(settings, make_plan(settings))[SCRIPT_FILE]


def own_endpoint() -> StackSettings:
    """Return a stack with an object store of the operator."""
    return settings_of(
        "dojo",
        {
            "object_store.kind": "s3_compatible",
            "object_store.minio": ABSENT,
            "object_store.endpoint": "store.internal:8333",
            "object_store.encryption": "none",
            "object_store.versioning": False,
            "images.object_store": ABSENT,
        },
    )


def test_amazons_buckets_need_no_script() -> None:
    assert setup_files(settings_of("prod"), make_plan(settings_of("prod"))) == {}


@pytest.mark.parametrize("settings", [settings_of("dojo"), own_endpoint()], ids=["minio", "s3_compatible"])
def test_the_script_is_valid_shell(settings: StackSettings) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    done = subprocess.run(
        [shell, "-n"], input=script_of(settings), text=True, capture_output=True, check=False, timeout=20
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_keys_are_never_arguments_of_a_program() -> None:
    for line in script_of(settings_of("dojo")).splitlines():
        if "SECRET_KEY" in line:
            # Built into the shell: no other process sees its arguments.
            assert line.lstrip().removeprefix("until ").startswith("printf ")


def test_our_own_minio_gives_tempo_a_user_that_reaches_its_bucket_only() -> None:
    settings = settings_of("dojo")
    files = setup_files(settings, make_plan(settings))
    assert json.loads(files["policy.json"]) == bucket_policy(settings.object_store.bucket)
    resources = {entry for rule in bucket_policy("bucket-1")["Statement"] for entry in rule["Resource"]}
    assert resources == {"arn:aws:s3:::bucket-1", "arn:aws:s3:::bucket-1/*"}
    actions = {action for rule in bucket_policy("bucket-1")["Statement"] for action in rule["Action"]}
    assert not any("*" in action or ("Bucket" in action and action.startswith("s3:Put")) for action in actions)


def test_a_store_of_the_operators_is_not_administered() -> None:
    script = script_of(own_endpoint())
    assert "mc admin" not in script
    assert "https://store.internal:8333" in script
    assert "mc encrypt" not in script
    assert "mc version suspend store/fawkes-tempo-traces-dojo" in script


def test_the_script_waits_a_minute_for_the_store_and_encrypts_where_asked() -> None:
    """MinIO heals its drive before it accepts credentials."""
    assert 'if [ "$tries" -ge 60 ]' in script_of(settings_of("dojo"))
    assert "  sleep 1\n" in script_of(settings_of("dojo"))
    assert "mc encrypt set sse-s3 store/fawkes-tempo-traces-dojo" in script_of(settings_of("dojo"))


@given(settings=valid_settings())
def test_the_lifecycle_file_holds_the_rules(settings: StackSettings) -> None:
    plan = make_plan(settings)
    files = setup_files(settings, plan)
    if settings.object_store.kind == "aws_s3":
        assert files == {}
    else:
        assert json.loads(files["lifecycle.json"]) == {"Rules": lifecycle_rules(settings, plan)}
