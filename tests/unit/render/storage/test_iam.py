"""Rendered policies by their effect: an evaluator decides over requests as Amazon would."""

from collections.abc import Mapping
from typing import Any

import pytest

from plan.plan import make_plan
from render.storage.iam import (
    access_log_policy,
    irsa_trust,
    key_policy,
    log_bucket_name,
    pod_identity_trust,
    tempo_policy,
    trace_bucket_policy,
)
from render.tempo.config import tempo_config
from tests.support.iam import Decision, Request, decide, decide_about_key
from tests.support.stacks import settings_of

ALLOW, DENY, NONE = Decision.ALLOW, Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY
ACCOUNT = "123456789012"
BUCKET = "arn:aws:s3:::fawkes-tempo-traces-prod"
BLOCK = f"{BUCKET}/backstage/0a1b/data.parquet"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
FOREIGN_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"
CLUSTER = f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/fawkes-prod"
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/0A1B"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
SSE = "s3:x-amz-server-side-encryption"
TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
# What Tempo sends with `storage.trace.s3.sse` of type SSE-KMS.
WITH_KEY = TLS | {SSE: "aws:kms", f"{SSE}-aws-kms-key-id": KEY}
# An identity that is allowed everything: a request refused to it is refused to all.
ADMINISTRATOR = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def decision_on(action: str, resource: str, context: Mapping[str, str], identity: Any = None) -> Decision:
    """Return the decision for Tempo, or for another identity, at the bucket with a key of its own."""
    policy = identity or tempo_policy(BUCKET, KEY, "eu-west-1")
    request = Request(action=action, resource=resource, context=context)
    return decide(request, identity=[policy], resource=[trace_bucket_policy(BUCKET, KEY)])


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("s3:ListBucket", BUCKET, TLS),
        ("s3:GetObject", BLOCK, TLS),
        ("s3:PutObject", BLOCK, WITH_KEY),
        # An upload in parts, and the copy that marks a block as compacted, are s3:PutObject too. The parts carry
        # no header: S3 checks them by the encryption that the upload began with (docs/adr/0009).
        ("s3:PutObject", f"{BUCKET}/work.json", WITH_KEY),
        ("s3:PutObject", BLOCK, {**WITH_KEY, "s3:TlsVersion": "1.2"}),
        ("s3:DeleteObject", BLOCK, TLS),
        ("s3:GetObjectTagging", BLOCK, TLS),
        ("s3:PutObjectTagging", BLOCK, TLS),
    ],
)
def test_tempo_may_do_what_it_does(action: str, resource: str, context: Mapping[str, str]) -> None:
    assert decision_on(action, resource, context) is ALLOW


PLAIN_HTTP = {"aws:SecureTransport": "false"}


@pytest.mark.parametrize("identity", [None, ADMINISTRATOR], ids=["tempo", "administrator"])
@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        pytest.param("s3:GetObject", BLOCK, PLAIN_HTTP, id="plain HTTP, read"),
        pytest.param("s3:PutObject", BLOCK, {**WITH_KEY, **PLAIN_HTTP}, id="plain HTTP, write"),
        pytest.param("s3:ListBucket", BUCKET, PLAIN_HTTP, id="plain HTTP, list"),
        pytest.param("s3:GetObject", BLOCK, TLS | {"s3:TlsVersion": "1.1"}, id="TLS 1.1, read"),
        pytest.param("s3:PutObject", BLOCK, WITH_KEY | {"s3:TlsVersion": "1.0"}, id="TLS 1.0, write"),
        pytest.param("s3:ListBucket", BUCKET, TLS | {"s3:TlsVersion": "1.1"}, id="TLS 1.1, list"),
        pytest.param("s3:PutObject", BLOCK, TLS, id="unencrypted"),
        pytest.param("s3:PutObject", BLOCK, TLS | {SSE: "AES256"}, id="another encryption"),
        pytest.param("s3:PutObject", BLOCK, TLS | {SSE: "aws:kms"}, id="the account's default key"),
        pytest.param("s3:PutObject", BLOCK, WITH_KEY | {f"{SSE}-aws-kms-key-id": FOREIGN_KEY}, id="a foreign key"),
        pytest.param(
            "s3:PutObject",
            BLOCK,
            WITH_KEY | {f"{SSE}-aws-kms-key-id": f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/own"},
            id="an alias, which resolves in the caller's account",
        ),
        pytest.param(
            "s3:PutObject", BLOCK, TLS | {f"{SSE}-customer-algorithm": "AES256"}, id="a customer's own key"
        ),
        pytest.param(
            "s3:PutObject",
            BLOCK,
            WITH_KEY | {f"{SSE}-customer-algorithm": "AES256"},
            id="a customer's own key beside the right one",
        ),
    ],
)
def test_the_bucket_refuses_whoever_asks(
    action: str, resource: str, context: Mapping[str, str], identity: Any
) -> None:
    assert decision_on(action, resource, context, identity) is DENY


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (TLS | {SSE: "AES256"}, ALLOW),
        (TLS, ALLOW),
        (WITH_KEY, DENY),
        (TLS | {f"{SSE}-customer-algorithm": "AES256"}, DENY),
    ],
)
def test_a_bucket_without_a_key_is_for_s3s_own_which_needs_no_name(
    context: Mapping[str, str], expected: Decision
) -> None:
    request = Request(action="s3:PutObject", resource=BLOCK, context=context)
    identity, bucket = tempo_policy(BUCKET, None, "eu-west-1"), trace_bucket_policy(BUCKET, None)
    assert decide(request, identity=[identity], resource=[bucket]) is expected


@pytest.mark.parametrize(("encryption", "key"), [("sse_kms", KEY), ("sse_s3", None)])
def test_tempos_configuration_makes_it_name_what_the_bucket_asks_for(encryption: str, key: str | None) -> None:
    """Otherwise Tempo could write nothing, and would report it only when it flushes its first block."""
    settings = settings_of("prod", {"object_store.encryption": encryption})
    sse = tempo_config(settings, make_plan(settings))["storage"]["trace"]["s3"].get("sse")
    named = {}
    if sse:
        assert sse == {"type": "SSE-KMS", "kms_key_id": "${TEMPO_KMS_KEY_ID}"}
        # The variable is filled with the key's ARN, as the bucket's policy is.
        named = {SSE: "aws:kms", f"{SSE}-aws-kms-key-id": str(key)}
    request = Request(action="s3:PutObject", resource=BLOCK, context=TLS | named)
    identity = tempo_policy(BUCKET, key, "eu-west-1")
    assert decide(request, identity=[identity], resource=[trace_bucket_policy(BUCKET, key)]) is ALLOW


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "arn:aws:s3:::another-bucket/file"),
        ("s3:ListBucket", "arn:aws:s3:::another-bucket"),
        ("s3:ListBucket", "arn:aws:s3:::fawkes-tempo-traces-prod-logs"),
        ("s3:GetObject", "arn:aws:s3:::fawkes-tempo-traces-prod-logs/file"),
        ("s3:ListAllMyBuckets", "*"),
        ("s3:GetObjectVersion", BLOCK),
        ("s3:DeleteObjectVersion", BLOCK),
        ("s3:PutBucketPolicy", BUCKET),
        ("s3:PutLifecycleConfiguration", BUCKET),
        ("s3:DeleteBucket", BUCKET),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/tempo"),
    ],
)
def test_tempo_may_do_nothing_else(action: str, resource: str) -> None:
    """Tempo cannot reach old versions, so deleted blocks can be restored."""
    assert decision_on(action, resource, WITH_KEY) is NONE


THROUGH_S3 = {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": BUCKET}


@pytest.mark.parametrize(
    ("action", "key", "context", "expected"),
    [
        ("kms:GenerateDataKey", KEY, THROUGH_S3, ALLOW),
        ("kms:Decrypt", KEY, THROUGH_S3, ALLOW),
        ("kms:Decrypt", KEY, THROUGH_S3 | {"kms:EncryptionContext:aws:s3:arn": BLOCK}, ALLOW),
        ("kms:Decrypt", FOREIGN_KEY, THROUGH_S3, NONE),
        ("kms:Decrypt", KEY, {}, NONE),
        ("kms:Decrypt", KEY, THROUGH_S3 | {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}, NONE),
        ("kms:Decrypt", KEY, THROUGH_S3 | {"kms:ViaService": "s3.us-east-1.amazonaws.com"}, NONE),
        ("kms:Decrypt", KEY, THROUGH_S3 | {"kms:EncryptionContext:aws:s3:arn": f"{BUCKET}-logs"}, NONE),
        ("kms:Encrypt", KEY, THROUGH_S3, NONE),
        ("kms:CreateGrant", KEY, THROUGH_S3, NONE),
        ("kms:ScheduleKeyDeletion", KEY, {}, NONE),
    ],
)
def test_tempo_uses_its_key_through_s3_for_its_bucket_alone(
    action: str, key: str, context: Mapping[str, str], expected: Decision
) -> None:
    request = Request(action=action, resource=key, context=context)
    policy = key_policy(f"arn:aws:iam::{ACCOUNT}:root")
    assert (
        decide_about_key(request, identity=[tempo_policy(BUCKET, KEY, "eu-west-1")], key_policy=policy) is expected
    )


@pytest.mark.parametrize(
    ("region", "service"),
    [
        ("us-gov-west-1", "s3.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn"),
        ("us-iso-east-1", "s3.us-iso-east-1.c2s.ic.gov"),
    ],
)
def test_the_key_is_used_through_s3_of_the_regions_own_partition(region: str, service: str) -> None:
    """KMS compares the service's name in the partition's domain; with another, every write of a block fails."""
    request = Request(action="kms:Decrypt", resource=KEY, context=THROUGH_S3 | {"kms:ViaService": service})
    assert decide(request, identity=[tempo_policy(BUCKET, KEY, region)]) is ALLOW


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/administrator", ALLOW),
        ("arn:aws:iam::999999999999:role/administrator", NONE),
    ],
)
def test_the_account_and_no_other_administers_the_key(principal: str, expected: Decision) -> None:
    request = Request(action="kms:ScheduleKeyDeletion", resource=KEY, principal=("AWS", principal))
    policy = key_policy(f"arn:aws:iam::{ACCOUNT}:root")
    assert decide_about_key(request, identity=[ADMINISTRATOR], key_policy=policy) is expected


def test_without_a_key_tempo_has_no_use_of_any() -> None:
    assert "kms" not in str(tempo_policy(BUCKET, None, "eu-west-1"))


LOGS = f"{BUCKET}-logs"
DELIVERY = {"aws:SourceArn": BUCKET, "aws:SourceAccount": ACCOUNT}


@pytest.mark.parametrize(
    ("action", "resource", "context", "expected"),
    [
        ("s3:PutObject", f"{LOGS}/fawkes-tempo-traces-prod/2026", TLS | DELIVERY, ALLOW),
        # Requests of Amazon's own services may lack the keys about TLS.
        ("s3:PutObject", f"{LOGS}/fawkes-tempo-traces-prod/2026", DELIVERY, ALLOW),
        ("s3:PutObject", f"{LOGS}/elsewhere", TLS | DELIVERY, NONE),
        ("s3:GetObject", f"{LOGS}/fawkes-tempo-traces-prod/2026", TLS | DELIVERY, NONE),
        ("s3:PutObject", f"{LOGS}/fawkes-tempo-traces-prod/2026", TLS, NONE),
        (
            "s3:PutObject",
            f"{LOGS}/fawkes-tempo-traces-prod/2026",
            TLS | DELIVERY | {"aws:SourceArn": "arn:aws:s3:::another-bucket"},
            NONE,
        ),
        (
            "s3:PutObject",
            f"{LOGS}/fawkes-tempo-traces-prod/2026",
            TLS | DELIVERY | {"aws:SourceAccount": "999999999999"},
            NONE,
        ),
        ("s3:PutObject", f"{LOGS}/fawkes-tempo-traces-prod/2026", DELIVERY | PLAIN_HTTP, DENY),
        ("s3:PutObject", f"{LOGS}/fawkes-tempo-traces-prod/2026", TLS | DELIVERY | {"s3:TlsVersion": "1.1"}, DENY),
    ],
)
def test_only_the_delivery_of_this_buckets_logs_may_write_them(
    action: str, resource: str, context: Mapping[str, str], expected: Decision
) -> None:
    policy = access_log_policy(LOGS, BUCKET, "fawkes-tempo-traces-prod", ACCOUNT, keep_versions=True)
    request = Request(
        action=action, resource=resource, context=context, principal=("Service", "logging.s3.amazonaws.com")
    )
    assert decide(request, resource=[policy]) is expected


POD = {
    "aws:RequestTag/eks-cluster-arn": CLUSTER,
    "aws:RequestTag/kubernetes-namespace": "fawkes-observability",
    "aws:RequestTag/kubernetes-service-account": "tempo",
}


@pytest.mark.parametrize("action", ["sts:AssumeRole", "sts:TagSession"])
@pytest.mark.parametrize(
    ("context", "service", "expected"),
    [
        (POD, "pods.eks.amazonaws.com", ALLOW),
        (POD, "ec2.amazonaws.com", NONE),
        (POD | {"aws:RequestTag/kubernetes-namespace": "default"}, "pods.eks.amazonaws.com", NONE),
        (POD | {"aws:RequestTag/kubernetes-service-account": "default"}, "pods.eks.amazonaws.com", NONE),
        (POD | {"aws:RequestTag/eks-cluster-arn": f"{CLUSTER}-2"}, "pods.eks.amazonaws.com", NONE),
        ({}, "pods.eks.amazonaws.com", NONE),
    ],
)
def test_with_pod_identity_only_tempos_pods_of_the_cluster_get_the_role(
    action: str, context: Mapping[str, str], service: str, expected: Decision
) -> None:
    trust = pod_identity_trust(CLUSTER, "fawkes-observability", "tempo")
    request = Request(action=action, context=context, principal=("Service", service))
    assert decide(request, resource=[trust]) is expected


TOKEN = {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": "system:serviceaccount:fawkes-observability:tempo"}


@pytest.mark.parametrize(
    ("context", "provider", "expected"),
    [
        (TOKEN, OIDC, ALLOW),
        (TOKEN, f"{OIDC}2", NONE),
        (TOKEN | {f"{ISSUER}:sub": "system:serviceaccount:fawkes-observability:default"}, OIDC, NONE),
        (TOKEN | {f"{ISSUER}:sub": "system:serviceaccount:default:tempo"}, OIDC, NONE),
        (TOKEN | {f"{ISSUER}:aud": "another"}, OIDC, NONE),
        ({}, OIDC, NONE),
    ],
)
def test_with_irsa_only_tempos_token_for_amazon_gets_the_role(
    context: Mapping[str, str], provider: str, expected: Decision
) -> None:
    trust = irsa_trust(OIDC, "fawkes-observability", "tempo")
    request = Request(action="sts:AssumeRoleWithWebIdentity", context=context, principal=("Federated", provider))
    assert decide(request, resource=[trust]) is expected


def test_the_logs_bucket_is_named_after_its_bucket_within_s3s_limit() -> None:
    assert log_bucket_name("fawkes-tempo-traces-prod") == "fawkes-tempo-traces-prod-logs"
    assert log_bucket_name("b" * 58) == "b" * 58 + "-logs"
    names = {log_bucket_name("b" * 59), log_bucket_name("b" * 60), log_bucket_name("b" * 58 + "-logs")}
    assert len(names) == 3
    assert all(len(name) <= 63 and name.endswith("-logs") for name in names)
