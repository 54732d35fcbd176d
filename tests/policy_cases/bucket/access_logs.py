from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.store_cases import bucket, guard, logs

_LOGGING = "aws:s3/bucketLogging:BucketLogging"
_COMPUTED = {"bucket": ["traces"], "targetBucket": ["logs"]}

CASES = Cases(
    passes=Case([bucket(), *logs()]),
    fails=Case([bucket()], says=["Nobody logs the requests"]),
    missing=Case(
        [bucket(), bucket("logs"), guard("Logging")],
        says=["Nobody logs the requests"],
    ),
    unknown=Case(
        [
            bucket(),
            bucket("logs"),
            Given(_LOGGING, "logging", {"bucket": UNKNOWN, "targetBucket": UNKNOWN}, _COMPUTED),
        ]
    ),
    more={
        "a bucket that logs into itself": Case(
            [bucket(), guard("Logging", targetBucket="traces")], says=["keeps its own access logs"]
        )
    },
)
