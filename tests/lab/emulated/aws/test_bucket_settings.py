import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from lab.emulated.values import Json
from tests.lab.emulated.aws.support import Aws

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": ["s3:PutObject"],
                "Resource": "arn:aws:s3:::logs/*",
            }
        ],
    }
)
RULE: Json = {
    "id": "backstop",
    "status": "Enabled",
    "filter": {"prefix": "single-tenant/"},
    "expiration": {"days": 14},
    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
    "noncurrentVersionExpiration": {"noncurrentDays": 7},
    "noncurrentVersionTransitions": [{"noncurrentDays": 3, "storageClass": "GLACIER"}],
    "transitions": [{"days": 0, "storageClass": "INTELLIGENT_TIERING"}],
}
MINIMUM = {"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"}
ALL_BLOCKED = dict.fromkeys(
    ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
)


def _encrypted(algorithm: str) -> Json:
    default = {"sseAlgorithm": algorithm, "kmsMasterKeyId": "arn:aws:kms:eu-central-1:123456789012:key/k"}
    return {"rules": [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}]}


def _rule_read(aws: Aws) -> Json:
    rule: Json = dict(aws.s3.get_bucket_lifecycle_configuration(Bucket="traces")["Rules"][0])
    return {name: rule[name] for name in ("ID", "Expiration", "Filter", "NoncurrentVersionExpiration")}


@dataclass(frozen=True)
class Case:
    """A type, its inputs, other inputs, and what boto3 reads back with the first ones."""

    token: str
    inputs: Json
    other: Json
    look: Callable[[Aws], object]
    expected: object


CASES: dict[str, Case] = {
    "versioning": Case(
        "s3:BucketVersioning",
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
        lambda aws: aws.s3.get_bucket_versioning(Bucket="traces").get("Status"),
        "Enabled",
    ),
    "encryption": Case(
        "s3:BucketServerSideEncryptionConfiguration",
        _encrypted("aws:kms"),
        _encrypted("aws:kms:dsse"),
        lambda aws: aws.s3.get_bucket_encryption(Bucket="traces")["ServerSideEncryptionConfiguration"]["Rules"],
        [
            {
                "ApplyServerSideEncryptionByDefault": {
                    "SSEAlgorithm": "aws:kms",
                    "KMSMasterKeyID": "arn:aws:kms:eu-central-1:123456789012:key/k",
                },
                "BucketKeyEnabled": True,
            }
        ],
    ),
    "lifecycle": Case(
        "s3:BucketLifecycleConfiguration",
        {"rules": [RULE], **MINIMUM},
        {"rules": [{**RULE, "expiration": {"days": 17}}], **MINIMUM},
        _rule_read,
        {
            "ID": "backstop",
            "Expiration": {"Days": 14},
            "Filter": {"Prefix": "single-tenant/"},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        },
    ),
    "public access": Case(
        "s3:BucketPublicAccessBlock",
        ALL_BLOCKED,
        {**ALL_BLOCKED, "blockPublicPolicy": False},
        lambda aws: aws.s3.get_public_access_block(Bucket="traces")["PublicAccessBlockConfiguration"],
        {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    ),
    "ownership": Case(
        "s3:BucketOwnershipControls",
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        {"rule": {"objectOwnership": "ObjectWriter"}},
        lambda aws: aws.s3.get_bucket_ownership_controls(Bucket="traces")["OwnershipControls"]["Rules"],
        [{"ObjectOwnership": "BucketOwnerEnforced"}],
    ),
    "policy": Case(
        "s3:BucketPolicy",
        {"policy": POLICY},
        {"policy": POLICY.replace("Allow", "Deny")},
        lambda aws: json.loads(aws.s3.get_bucket_policy(Bucket="traces")["Policy"]),
        json.loads(POLICY),
    ),
    "logging": Case(
        "s3:BucketLogging",
        {"targetBucket": "logs", "targetPrefix": "traces/"},
        {"targetBucket": "logs", "targetPrefix": "other/"},
        lambda aws: aws.s3.get_bucket_logging(Bucket="traces").get("LoggingEnabled"),
        {"TargetBucket": "logs", "TargetPrefix": "traces/"},
    ),
}
EACH = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


@pytest.fixture
def buckets(aws: Aws) -> Aws:
    """A bucket, and one that takes its access logs."""
    aws.make("s3:Bucket", {"bucket": "traces"})
    aws.make("s3:Bucket", {"bucket": "logs"})
    aws.s3.put_bucket_policy(Bucket="logs", Policy=POLICY)
    return aws


@EACH
def test_a_setting_is_put_changed_in_place_and_ended(buckets: Aws, case: Case) -> None:
    """boto3 reads back what a reviewer of the real bucket would see."""
    first, second = {"bucket": "traces", **case.inputs}, {"bucket": "traces", **case.other}
    made = buckets.make(case.token, first)
    assert made.id == "traces"
    assert case.look(buckets) == case.expected
    assert made.changed({**first, "bucket": "logs"}) == ["bucket!"]
    assert len(made.changed(second)) == 1
    assert not made.changed(second)[0].endswith("!")
    made.update(second)
    assert case.look(buckets) != case.expected
    assert made.refresh()
    assert made.changed(second) == []
    made.delete()
    # A bucket that had versions keeps them.
    assert made.refresh() == (case.token == "s3:BucketVersioning")
    made.delete()


@EACH
def test_what_somebody_else_changed_is_seen_and_put_back(buckets: Aws, case: Case) -> None:
    """A bucket policy loosened by hand must show in the next preview."""
    inputs = {"bucket": "traces", **case.inputs}
    made = buckets.make(case.token, inputs)
    buckets.make(case.token, {"bucket": "traces", **case.other})
    assert made.refresh()
    assert len(made.changed(inputs)) == 1
    made.update(inputs)
    assert case.look(buckets) == case.expected
    assert made.changed(inputs) == []


@EACH
def test_a_setting_is_gone_with_its_bucket(buckets: Aws, case: Case) -> None:
    made = buckets.make(case.token, {"bucket": "traces", **case.inputs})
    buckets.s3.delete_bucket(Bucket="traces")
    assert not made.refresh()
    made.delete()


def test_a_bucket_that_had_versions_keeps_them(buckets: Aws) -> None:
    """Versioning can only be suspended."""
    case = CASES["versioning"]
    buckets.make(case.token, {"bucket": "traces", **case.inputs}).delete()
    assert buckets.s3.get_bucket_versioning(Bucket="traces")["Status"] == "Suspended"


def test_a_policy_in_another_layout_is_no_change(buckets: Aws) -> None:
    """Nor is one without the list around its only action."""
    made = buckets.make("s3:BucketPolicy", {"bucket": "logs", "policy": POLICY})
    policy = json.loads(POLICY)
    policy["Statement"] = {**policy["Statement"][0], "Action": "s3:PutObject"}
    assert made.changed({"bucket": "logs", "policy": json.dumps(policy, indent=2, sort_keys=True)}) == []


def test_a_default_that_the_program_does_not_say_is_no_change(buckets: Aws) -> None:
    """The service answers with every setting that is off."""
    rule = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
    inputs = {"bucket": "traces", "rules": [rule]}
    made = buckets.make("s3:BucketServerSideEncryptionConfiguration", inputs)
    assert made.refresh()
    assert made.changed(inputs) == []
    assert made.state.values["rules"] == [rule]
