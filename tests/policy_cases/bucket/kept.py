import dataclasses

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.store_cases import bucket, key


def _protected(given: Given) -> Given:
    return dataclasses.replace(given, protect=True)


CASES = Cases(
    passes=Case([_protected(bucket(forceDestroy=False)), _protected(key())]),
    fails=Case([_protected(bucket(forceDestroy=True))], says=["forceDestroy is on"]),
    missing=Case([bucket(), key()], says=["The bucket is not protected", "The key is not protected"]),
    unknown=Case([_protected(bucket(forceDestroy=UNKNOWN))], says=["forceDestroy is not known"]),
    more={
        "where the environment holds nothing of worth": Case(
            [bucket(forceDestroy=True)], config={"protect": False, "force_destroy": True}
        )
    },
)
