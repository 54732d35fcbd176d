from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import bucket, guard

CASES = Cases(
    passes=Case([bucket(objectLockEnabled=False)]),
    fails=Case([bucket(objectLockEnabled=True)], says=["The bucket is created with Object Lock."]),
    missing=Case([bucket()]),
    unknown=Case([bucket(objectLockEnabled=UNKNOWN)], says=["objectLockEnabled is not known"]),
    more={
        "the former setting inside the bucket": Case(
            [bucket(objectLockConfiguration={"objectLockEnabled": "Enabled"})], says=["created with Object Lock"]
        ),
        "a lock of its own": Case([guard("ObjectLockConfiguration")], says=["This locks the objects"]),
    },
)
