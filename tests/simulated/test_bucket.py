"""The bucket, its logs, its key and Tempo's role, read back from the simulated cloud."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from plan.limits import checked_plan
from render.storage.iam import log_bucket_name
from render.storage.lifecycle import access_log_rules, lifecycle_rules
from tests.simulated import cloud
from tests.support.iam import Decision, Request, decide, decide_about_key
from tests.support.live import LiveStack

pytestmark = pytest.mark.simulated

_SSE = "s3:x-amz-server-side-encryption"
_TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
_ACCOUNT = "123456789012"


def bucket_of(stack: LiveStack) -> str:
    return stack.settings.object_store.bucket


def key_of(stack: LiveStack) -> dict[str, Any]:
    """Return the key that the alias with the bucket's name refers to."""
    found = cloud.kms(stack).describe_key(KeyId=f"alias/{bucket_of(stack)}")
    return dict(found["KeyMetadata"])


def role_policy(stack: LiveStack) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the trust policy of the only role, and the role's only policy."""
    client = cloud.iam(stack)
    (role,) = client.list_roles()["Roles"]
    (name,) = client.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]
    assert client.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"] == []
    policy = client.get_role_policy(RoleName=role["RoleName"], PolicyName=name)["PolicyDocument"]
    trust: Any = role["AssumeRolePolicyDocument"]
    allowed: Any = policy
    return trust, allowed


def bucket_policy(stack: LiveStack, bucket: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cloud.s3(stack).get_bucket_policy(Bucket=bucket)["Policy"])
    return found


def upload(stack: LiveStack, changes: Mapping[str, str | None] = MappingProxyType({})) -> Request:
    """Return the request with which Tempo stores a block, with some headers changed or (None) removed."""
    usual = {**_TLS, _SSE: "aws:kms", f"{_SSE}-aws-kms-key-id": key_of(stack)["Arn"]}
    sent = {key: value for key, value in {**usual, **changes}.items() if value is not None}
    block = f"arn:aws:s3:::{bucket_of(stack)}/backstage/block/data.parquet"
    return Request(action="s3:PutObject", resource=block, context=sent)


def decision(stack: LiveStack, request: Request) -> Decision:
    """Return the decision on a request of Tempo, according to the policies in the cloud."""
    _, identity = role_policy(stack)
    return decide(request, identity=[identity], resource=[bucket_policy(stack, bucket_of(stack))])


def test_the_bucket_encrypts_with_the_stacks_own_key_and_a_bucket_key(stack: LiveStack) -> None:
    (rule,) = cloud.s3(stack).get_bucket_encryption(Bucket=bucket_of(stack))["ServerSideEncryptionConfiguration"][
        "Rules"
    ]
    assert rule["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": key_of(stack)["Arn"],
    }
    assert rule["BucketKeyEnabled"] is True


def test_the_key_is_the_stacks_own_and_is_rotated(stack: LiveStack) -> None:
    key = key_of(stack)
    assert (key["KeyManager"], key["Enabled"], key["KeyUsage"]) == ("CUSTOMER", True, "ENCRYPT_DECRYPT")
    assert cloud.kms(stack).get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is True


@pytest.mark.parametrize("which", ["traces", "logs"])
def test_nothing_of_either_bucket_can_be_public(stack: LiveStack, which: str) -> None:
    """Traces contain data of users, and access logs contain the names of objects."""
    bucket = bucket_of(stack) if which == "traces" else log_bucket_name(bucket_of(stack))
    client = cloud.s3(stack)
    blocked = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert blocked == dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    (rule,) = client.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rule == {"ObjectOwnership": "BucketOwnerEnforced"}


def test_versions_are_kept_and_the_lifecycle_is_the_rendered_one(stack: LiveStack) -> None:
    client, bucket = cloud.s3(stack), bucket_of(stack)
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    rules: list[Any] = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    expected = lifecycle_rules(stack.settings, checked_plan(stack.settings))
    assert sorted(rules, key=lambda rule: str(rule["ID"])) == expected


def test_access_logs_keep_versions_and_have_the_rendered_lifecycle(stack: LiveStack) -> None:
    store, client = stack.settings.object_store, cloud.s3(stack)
    logs = log_bucket_name(bucket_of(stack))
    assert store.aws
    assert client.get_bucket_versioning(Bucket=logs)["Status"] == "Enabled"
    rules: list[Any] = client.get_bucket_lifecycle_configuration(Bucket=logs)["Rules"]
    assert sorted(rules, key=lambda rule: str(rule["ID"])) == access_log_rules(store, store.aws)


@pytest.mark.parametrize(
    ("action", "principal", "source", "expected"),
    [
        ("PutObject", ("Service", "logging.s3.amazonaws.com"), "BUCKET", Decision.ALLOW),
        ("PutObject", ("Service", "logging.s3.amazonaws.com"), "another", Decision.IMPLICIT_DENY),
        ("DeleteObjectVersion", ("AWS", f"arn:aws:iam::{_ACCOUNT}:user/admin"), None, Decision.EXPLICIT_DENY),
    ],
)
def test_access_logs_are_added_by_s3_and_destroyed_by_nobody(
    stack: LiveStack, action: str, principal: tuple[str, str], source: str | None, expected: Decision
) -> None:
    """The policy of the log bucket as the cloud returns it."""
    bucket = bucket_of(stack)
    logs = log_bucket_name(bucket)
    context = {**_TLS, "aws:SourceAccount": _ACCOUNT}
    if source:
        context["aws:SourceArn"] = f"arn:aws:s3:::{bucket if source == 'BUCKET' else source}"
    log = f"arn:aws:s3:::{logs}/{bucket}/2026-11-24"
    request = Request(action=f"s3:{action}", resource=log, principal=principal, context=context)
    assert decide(request, resource=[bucket_policy(stack, logs)]) is expected


def test_no_rule_deletes_what_tempo_still_keeps_or_its_own_state(stack: LiveStack) -> None:
    """`work.json` and the cluster's seed are at the root: a rule without a prefix may expire old versions only."""
    retention = stack.settings.retention
    longest = max(retention.detailed_hours, retention.long_term_hours or 0) / 24
    rules: list[Any] = cloud.s3(stack).get_bucket_lifecycle_configuration(Bucket=bucket_of(stack))["Rules"]
    expiring = [rule for rule in rules if "Days" in rule.get("Expiration", {})]
    assert len(expiring) == 2 * (len(stack.settings.tenants.namespaces) + 1)
    assert all(rule["Filter"]["Prefix"].endswith("/") for rule in expiring)
    assert min(rule["Expiration"]["Days"] for rule in expiring) >= longest + retention.bucket_expiry_margin_days
    assert not [rule for rule in rules if "Transitions" in rule], "these retentions gain nothing by another class"


def test_requests_are_logged_to_a_bucket_of_their_own(stack: LiveStack) -> None:
    client, bucket = cloud.s3(stack), bucket_of(stack)
    logging = client.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    assert (logging["TargetBucket"], logging["TargetPrefix"]) == (log_bucket_name(bucket), f"{bucket}/")
    (rule,) = client.get_bucket_encryption(Bucket=logging["TargetBucket"])["ServerSideEncryptionConfiguration"][
        "Rules"
    ]
    # S3 cannot deliver logs to a bucket that encrypts with a key of ours.
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_tempo_may_use_its_bucket_and_nothing_else(stack: LiveStack) -> None:
    assert decision(stack, upload(stack)) is Decision.ALLOW
    elsewhere = Request(action="s3:GetObject", resource="arn:aws:s3:::another-bucket/x", context=_TLS)
    assert decision(stack, elsewhere) is Decision.IMPLICIT_DENY
    settings = Request(action="s3:PutBucketPolicy", resource=f"arn:aws:s3:::{bucket_of(stack)}", context=_TLS)
    assert decision(stack, settings) is Decision.IMPLICIT_DENY


@pytest.mark.parametrize(
    ("why", "context"),
    [
        ("plain HTTP", {"aws:SecureTransport": "false"}),
        ("old TLS", {"s3:TlsVersion": "1.1"}),
        ("unencrypted", {_SSE: None, f"{_SSE}-aws-kms-key-id": None}),
        ("another encryption", {_SSE: "AES256", f"{_SSE}-aws-kms-key-id": None}),
        ("a foreign key", {f"{_SSE}-aws-kms-key-id": f"arn:aws:kms:eu-west-1:{_ACCOUNT}:key/another"}),
        ("a key of the caller's", {f"{_SSE}-customer-algorithm": "AES256"}),
    ],
)
def test_an_upload_is_refused_by_the_policy_that_the_cloud_has(
    stack: LiveStack, why: str, context: dict[str, str | None]
) -> None:
    """The unit tests evaluate the rendered policy; this one evaluates the policy that the cloud returns."""
    assert decision(stack, upload(stack, context)) is Decision.EXPLICIT_DENY, why


def test_tempos_role_may_use_the_key_through_s3_alone(stack: LiveStack) -> None:
    """The role's credentials alone must not decrypt a stolen copy of a block."""
    key, (_, identity) = key_of(stack)["Arn"], role_policy(stack)
    policy = json.loads(cloud.kms(stack).get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    region, bucket = stack.settings.object_store.region, bucket_of(stack)
    through_s3 = {
        "kms:ViaService": f"s3.{region}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}",
    }
    request = Request(action="kms:GenerateDataKey", resource=key, context=through_s3)
    assert decide_about_key(request, identity=[identity], key_policy=policy) is Decision.ALLOW
    directly = Request(action="kms:GenerateDataKey", resource=key, context={})
    assert decide_about_key(directly, identity=[identity], key_policy=policy) is Decision.IMPLICIT_DENY


def test_only_tempos_pods_may_take_the_role(stack: LiveStack) -> None:
    """The trusted service serves all Pods of EKS: the condition limits it to one service account."""
    trust, _ = role_policy(stack)
    (statement,) = trust["Statement"]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-service-account"] == "tempo"
