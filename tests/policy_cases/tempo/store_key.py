from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, workload

_BUCKET = Given("aws:s3/bucket:Bucket", "bucket", {"bucket": "traces"})
_KEY = Given("aws:kms/key:Key", "key", {})
_OTHER = Given("aws:kms/key:Key", "other", {})
_ENV = [{"name": "KEY", "value": UNKNOWN}]


def _encryption(algorithm: str = "aws:kms", key: object = UNKNOWN) -> Given:
    default = {"sseAlgorithm": algorithm, "kmsMasterKeyId": key}
    return Given(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "encryption",
        {"bucket": "traces", "rules": [{"applyServerSideEncryptionByDefault": default}]},
        {"bucket": ["bucket"], "rules": ["key"]},
    )


def _config(**sse: Any) -> Given:
    return config({"storage": {"trace": {"s3": {"sse": sse}}}})


_NAMED = _config(type="SSE-KMS", kms_key_id="${KEY}")
_OF_AWS = [_BUCKET, _KEY, _encryption()]

CASES = Cases(
    passes=Case([*_OF_AWS, _NAMED, workload(env=_ENV, depends_on=["key"])]),
    fails=Case([*_OF_AWS, _config(type="SSE-S3"), workload()], says=["in tempo.yaml names no SSE-KMS in sse"]),
    missing=Case([*_OF_AWS, config(), workload()], says=["names no SSE-KMS in sse"]),
    unknown=Case(
        [*_OF_AWS, _OTHER, _NAMED, workload(env=_ENV, depends_on=["other"])],
        says=["Its Pods get another key than the bucket's"],
    ),
    more={
        "no key": Case([*_OF_AWS, _config(type="SSE-KMS"), workload()], says=["names no kms_key_id in sse"]),
        "no variable": Case([*_OF_AWS, _NAMED, workload(depends_on=["key"])], says=["lack the variable"]),
        "another key, written out": Case(
            [_BUCKET, _KEY, _encryption(key="arn:1"), _config(type="SSE-KMS", kms_key_id="arn:2"), workload()],
            says=["names another key than its bucket"],
        ),
        "the key, written out": Case(
            [_BUCKET, _KEY, _encryption(key="arn:1"), _config(type="SSE-KMS", kms_key_id="arn:1"), workload()]
        ),
        "keys of S3": Case([_BUCKET, _KEY, _encryption("AES256"), config(), workload()]),
    },
)
