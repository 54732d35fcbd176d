import dataclasses

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import bucket, encryption, guard, key, logs
from tests.support.tempo_given import config

_LOGS_INTO_TRACES = guard("Logging", of="logs", targetBucket="traces")

CASES = Cases(
    passes=Case([bucket(), *logs(), encryption(), encryption("logs", key=None, algorithm="AES256")]),
    fails=Case(
        [bucket(), encryption(key=None, algorithm="AES256")], says=["The bucket encrypts by AES256; aws:kms with"]
    ),
    missing=Case([bucket()], says=["No encryption is configured"]),
    unknown=Case([key(), bucket(), encryption(key=UNKNOWN)]),
    more={
        "an unknown key that is not of the stack": Case(
            [bucket(), dataclasses.replace(encryption(key=UNKNOWN), depends_on={"bucket": ["traces"]})],
            says=["the account's default key"],
        ),
        "no key": Case([bucket(), encryption(key=None)], says=["the account's default key"]),
        "the default key by its alias": Case(
            [bucket(), encryption(key="arn:aws:kms:eu-west-1:123456789012:alias/aws/s3")],
            says=["the account's default key"],
        ),
        "Tempo's bucket that also gets access logs": Case(
            [
                *(config(), bucket(), *logs(), _LOGS_INTO_TRACES),
                *(encryption(name, key=None, algorithm="AES256") for name in ("traces", "logs")),
            ],
            says=["The bucket encrypts by AES256; aws:kms with"],
        ),
        "no rule": Case(
            [bucket(), dataclasses.replace(encryption(), inputs={"bucket": "traces", "rules": []})],
            says=["The encryption has no rule"],
        ),
        "no bucket key": Case([bucket(), encryption(bucketKeyEnabled=False)], says=["bucketKeyEnabled is off"]),
        "logs that S3 could not deliver": Case(
            [bucket(), *logs(), encryption(), encryption("logs")], says=["S3 delivers logs to AES256 only"]
        ),
        "S3's own key where the environment allows it": Case(
            [bucket(), encryption(key=None, algorithm="AES256")], config={"own_key": False}
        ),
    },
)
