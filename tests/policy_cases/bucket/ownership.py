from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import bucket, guard

CASES = Cases(
    passes=Case([bucket(), guard("OwnershipControls", rule={"objectOwnership": "BucketOwnerEnforced"})]),
    fails=Case(
        [guard("OwnershipControls", rule={"objectOwnership": "ObjectWriter"})],
        says=["objectOwnership is ObjectWriter"],
    ),
    missing=Case([guard("OwnershipControls")], says=["objectOwnership is missing"]),
    unknown=Case([guard("OwnershipControls", rule=UNKNOWN)], says=["objectOwnership is not known"]),
    more={
        "a resource with an access control list": Case(
            [guard("Acl", acl="private")], says=["This is an access control list"]
        ),
        "a bucket with one": Case([bucket(acl="public-read")], says=["acl is public-read"]),
    },
)
