from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import Document, guard

_ON: Document = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}

CASES = Cases(
    passes=Case([guard("PublicAccessBlock", **_ON)]),
    fails=Case(
        [guard("PublicAccessBlock", **_ON | {"restrictPublicBuckets": False})],
        says=["restrictPublicBuckets is off"],
    ),
    missing=Case(
        [guard("PublicAccessBlock")],
        says=["blockPublicAcls is", "blockPublicPolicy is", "ignorePublicAcls is", "restrictPublicBuckets is"],
    ),
    unknown=Case(
        [guard("PublicAccessBlock", **_ON | {"ignorePublicAcls": UNKNOWN})], says=["ignorePublicAcls is not known"]
    ),
)
