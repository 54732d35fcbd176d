"""The registered bucket on Amazon S3: its protections, its dependencies, and what a destroy retains."""

import functools
import json
from typing import Any

import pulumi
import pytest

from components.storage.aws_store import AwsStore, AwsStoreArgs
from plan.plan import make_plan
from render.storage.lifecycle import lifecycle_rules
from snapshot import recorder
from snapshot.program import record
from snapshot.recorder import Recorder
from tests.support.iam import Decision, Request, decide
from tests.support.stacks import settings_of

BUCKET, LOGS = "fawkes-tempo-traces-prod", "fawkes-tempo-traces-prod-logs"
OBJECT = f"arn:aws:s3:::{BUCKET}/shared/block"
SSE = "s3:x-amz-server-side-encryption"
BOTH = pytest.mark.parametrize(("name", "bucket"), [("store-traces", BUCKET), ("store-traces-logs", LOGS)])
S3S_OWN_KEY = {"object_store.encryption": "sse_s3"}
FREE = {"environment.protect_stateful": False, "environment.retain_stateful_on_delete": False}


def store(changes: dict[str, Any] | None = None) -> Recorder:
    """Record prod's store with settings changed."""
    settings = settings_of("prod", changes)
    assert settings.object_store.aws
    args = AwsStoreArgs(
        namespace="tracing-tests",
        environment=settings.environment,
        store=settings.object_store,
        aws=settings.object_store.aws,
        lifecycle=lifecycle_rules(settings, make_plan(settings)),
    )
    return record(lambda: AwsStore("store", args), {}, "test")


@functools.cache
def prod() -> Recorder:
    return store()


def inputs(name: str, found: Recorder | None = None) -> dict[str, Any]:
    """Return the inputs of a resource, by default of prod's."""
    return (found or prod()).one(name).inputs


def key_arn(found: Recorder) -> str:
    """Return the ARN that the recorder gives the key."""
    return str(found.outputs[found.one("store-traces-key").urn]["arn"])


def waits_for(name: str) -> set[str]:
    """Return the names of a resource's dependencies in prod."""
    return {urn.rpartition("::")[2] for urn in prod().one(name).dependencies}


def policy_of(name: str, bucket: str) -> dict[str, Any]:
    """Return the policy that is set on a bucket."""
    found = inputs(f"{name}-policy")
    assert found["bucket"] == bucket
    return dict(json.loads(found["policy"]))


@BOTH
def test_no_bucket_is_open_to_the_public(name: str, bucket: str) -> None:
    assert inputs(f"{name}-public-access") == {
        "bucket": bucket,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }


@BOTH
def test_the_account_owns_every_object(name: str, bucket: str) -> None:
    """This setting disables ACLs, so policies alone decide on access."""
    assert inputs(f"{name}-ownership") == {"bucket": bucket, "rule": {"objectOwnership": "BucketOwnerEnforced"}}


def test_blocks_are_encrypted_with_a_key_of_their_own_and_few_requests_to_it() -> None:
    """A bucket key spares a paid request to KMS for each object."""
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key_arn(prod())}
    assert inputs("store-traces-encryption") == {
        "bucket": BUCKET,
        "rules": [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}],
    }


def test_access_logs_are_encrypted_with_the_only_key_that_their_delivery_can_use() -> None:
    (rule,) = inputs("store-traces-logs-encryption")["rules"]
    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": False}


def test_the_key_renews_itself_and_can_be_found_and_brought_back() -> None:
    """Without the key all blocks are unreadable, so its deletion can be cancelled for a while."""
    key = inputs("store-traces-key-key")
    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 30)
    alias = inputs("store-traces-key-alias")
    assert alias == {"name": f"alias/{BUCKET}", "targetKeyId": key_arn(prod())}
    shorter = store({"object_store.aws.kms_deletion_window_days": 7})
    assert inputs("store-traces-key-key", shorter)["deletionWindowInDays"] == 7


def test_without_a_key_of_its_own_there_is_no_key_and_s3s_encrypts() -> None:
    """A customer-managed key has a monthly price; S3's own key has none."""
    found = store(S3S_OWN_KEY)
    assert not found.of_type("Key")
    assert not found.of_type("Alias")
    (rule,) = inputs("store-traces-encryption", found)["rules"]
    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": False}
    assert "kms_key_arn" not in found.outputs[found.one("store").urn]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        pytest.param({SSE: "aws:kms", f"{SSE}-aws-kms-key-id": "OWN"}, Decision.ALLOW, id="as Tempo does"),
        pytest.param({}, Decision.EXPLICIT_DENY, id="unencrypted"),
        pytest.param({SSE: "aws:kms", f"{SSE}-aws-kms-key-id": "OTHER"}, Decision.EXPLICIT_DENY, id="foreign key"),
        pytest.param(
            {SSE: "aws:kms", f"{SSE}-aws-kms-key-id": "OWN", "aws:SecureTransport": "false"},
            Decision.EXPLICIT_DENY,
            id="plain HTTP",
        ),
        pytest.param(
            {SSE: "aws:kms", f"{SSE}-aws-kms-key-id": "OWN", "s3:TlsVersion": "1.1"},
            Decision.EXPLICIT_DENY,
            id="old TLS",
        ),
    ],
)
def test_the_registered_policies_decide_over_an_upload(context: dict[str, str], expected: Decision) -> None:
    """These are the policies of bucket and role with the real names and ARNs of the registered resources."""
    wired = {key: key_arn(prod()) if value == "OWN" else value for key, value in context.items()}
    request = Request(action="s3:PutObject", resource=OBJECT, context=wired)
    role = json.loads(inputs("store-identity-permissions")["policy"])
    assert decide(request, identity=[role], resource=[policy_of("store-traces", BUCKET)]) is expected


def test_the_registered_policy_lets_the_logs_of_this_bucket_be_delivered() -> None:
    """S3 delivers no log that the log bucket's policy does not allow."""
    request = Request(
        action="s3:PutObject",
        resource=f"arn:aws:s3:::{LOGS}/{inputs('store-traces-logging')['targetPrefix']}2026-11-24",
        principal=("Service", "logging.s3.amazonaws.com"),
        context={"aws:SourceArn": f"arn:aws:s3:::{BUCKET}", "aws:SourceAccount": "123456789012"},
    )
    assert decide(request, resource=[policy_of("store-traces-logs", LOGS)]) is Decision.ALLOW


def test_every_request_is_logged_to_the_other_bucket_once_it_may_be() -> None:
    """S3 delivers no log before the log bucket's policy allows it."""
    assert inputs("store-traces-logging") == {
        "bucket": BUCKET,
        "targetBucket": LOGS,
        "targetPrefix": f"{BUCKET}/",
    }
    assert {"store-traces-logs-policy", "store-traces-logs-ownership"} <= waits_for("store-traces-logging")


@pytest.mark.parametrize(("versioning", "status"), [(True, "Enabled"), (False, "Suspended")])
def test_versioning_follows_the_settings(versioning: bool, status: str) -> None:  # noqa: FBT001 - a table's column
    found = store({"object_store.versioning": versioning, "object_store.aws.glacier_noncurrent_after_days": None})
    assert inputs("store-traces-versioning", found)["versioningConfiguration"] == {"status": status}


def test_every_kind_of_lifecycle_rule_reaches_the_provider_in_its_words() -> None:
    """The renderer uses S3's field names, which differ from the provider's."""
    found = store(
        {
            "tenants.mode": "single",
            "tenants.namespaces": [],
            "retention.long_term_hours": None,
            "object_store.noncurrent_expiry_days": 120,
            "object_store.aws.intelligent_tiering_after_days": 1,
            "object_store.aws.glacier_noncurrent_after_days": 30,
        }
    )
    lifecycle = inputs("store-traces-lifecycle", found)
    assert lifecycle["transitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    on = {"status": "Enabled", "filter": {"prefix": ""}}
    assert lifecycle["rules"] == [
        {
            "id": "backstop-single-tenant",
            "status": "Enabled",
            "filter": {"prefix": "single-tenant/"},
            "expiration": {"days": 15},
        },
        {"id": "delete-markers", **on, "expiration": {"expiredObjectDeleteMarker": True}},
        {"id": "intelligent-tiering", **on, "transitions": [{"days": 1, "storageClass": "INTELLIGENT_TIERING"}]},
        {"id": "multipart", **on, "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1}},
        {
            "id": "noncurrent",
            **on,
            "noncurrentVersionExpiration": {"noncurrentDays": 120},
            "noncurrentVersionTransitions": [{"noncurrentDays": 30, "storageClass": "GLACIER"}],
        },
    ]


def test_rules_for_old_versions_come_after_versioning() -> None:
    """Rules for noncurrent versions have no effect before versioning is set."""
    assert "store-traces-versioning" in waits_for("store-traces-lifecycle")


def test_access_logs_expire() -> None:
    rules = {rule["id"]: rule for rule in inputs("store-traces-logs-lifecycle")["rules"]}
    assert rules["expiry"]["expiration"] == {"days": 90}
    assert rules["noncurrent"]["noncurrentVersionExpiration"] == {"noncurrentDays": 3}
    assert set(rules) == {"delete-markers", "expiry", "multipart", "noncurrent"}


def test_access_logs_keep_versions_whatever_the_blocks_do() -> None:
    """Logs are the evidence of who deleted a block, so a deleted log must come back."""
    found = store({"object_store.versioning": False})
    assert inputs("store-traces-logs-versioning", found)["versioningConfiguration"] == {"status": "Enabled"}
    assert "store-traces-logs-versioning" in waits_for("store-traces-logs-lifecycle")


@pytest.mark.parametrize(
    ("changes", "expected"), [({}, Decision.EXPLICIT_DENY), (FREE, Decision.ALLOW)], ids=["kept", "free"]
)
def test_nobody_destroys_a_log_of_a_kept_environment(changes: dict[str, Any], expected: Decision) -> None:
    """Where nothing is kept, a destroy deletes the bucket with its content."""
    policy = json.loads(inputs("store-traces-logs-policy", store(changes))["policy"])
    administrator = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    log = f"arn:aws:s3:::{LOGS}/{BUCKET}/2026-11-24"
    destroy, delete = (
        Request(
            action=f"s3:{action}", resource=log, context={"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
        )
        for action in ("DeleteObjectVersion", "DeleteObject")
    )
    assert decide(destroy, identity=[administrator], resource=[policy]) is expected
    assert decide(delete, identity=[administrator], resource=[policy]) is Decision.ALLOW


@pytest.mark.parametrize("protect", [True, False])
@pytest.mark.parametrize("retain", [True, False])
def test_what_holds_data_is_cared_for_as_the_settings_say(protect: bool, retain: bool) -> None:  # noqa: FBT001
    """A bucket is deleted with its content only where it is neither protected nor retained."""
    found = store({"environment.protect_stateful": protect, "environment.retain_stateful_on_delete": retain})
    for name in ("store-traces-bucket", "store-traces-logs-bucket", "store-traces-key-key"):
        assert (found.one(name).protect, found.one(name).retain_on_delete) == (protect, retain)
    for name in ("store-traces-bucket", "store-traces-logs-bucket"):
        assert found.one(name).inputs["forceDestroy"] is not (protect or retain)


def test_a_bucket_that_is_left_in_place_keeps_its_guards() -> None:
    """Traces in a retained bucket must stay as protected as before."""
    guards = ("policy", "public-access", "ownership", "encryption", "versioning", "lifecycle", "logging")
    kept, free = prod(), store(FREE)
    for guard in guards:
        assert kept.one(f"store-traces-{guard}").retain_on_delete
        assert not free.one(f"store-traces-{guard}").retain_on_delete


def test_everything_is_in_the_settings_region_and_says_whose_it_is() -> None:
    provider = inputs("store-provider")
    assert provider["region"] == "eu-west-1"
    assert json.loads(provider["defaultTags"]) == {
        "tags": {"Project": "fawkes-tracing", "Environment": "prod", "Team": "platform"}
    }


def test_account_profile_and_role_are_the_settings() -> None:
    """An explicit provider sees nothing of `aws:profile` and the like in the stack's configuration."""
    assert not {"profile", "allowedAccountIds", "assumeRoles"} & set(inputs("store-provider"))
    role = "arn:aws:iam::123456789012:role/deployer"
    chosen = {"account_id": "123456789012", "profile": "deployer", "assume_role_arn": role}
    provider = inputs(
        "store-provider", store({f"object_store.aws.{name}": value for name, value in chosen.items()})
    )
    assert provider["profile"] == "deployer"
    assert json.loads(provider["allowedAccountIds"]) == ["123456789012"]
    assert json.loads(provider["assumeRoles"]) == [{"roleArn": role, "sessionName": "fawkes-tracing-prod"}]


def test_nothing_uses_the_operators_default_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would create a bucket in whatever account and region the operator's shell has set."""
    used: dict[str, str] = {}
    answer = recorder._Provider.new_resource

    def remember(self: Any, args: pulumi.runtime.MockResourceArgs) -> Any:
        if args.typ.startswith("aws:"):
            used[args.name] = args.provider or ""
        return answer(self, args)

    monkeypatch.setattr(recorder._Provider, "new_resource", remember)
    store()
    assert len(used) > 15
    assert {provider.rpartition("::")[0].rpartition("::")[2] for provider in used.values()} == {"store-provider"}


def test_what_the_parts_of_tempo_are_told_is_known() -> None:
    assert prod().outputs[prod().one("store").urn] == {
        "bucket_name": BUCKET,
        "kms_key_arn": key_arn(prod()),
        "role_arn": prod().outputs[prod().one("store-identity").urn]["role_arn"],
    }
