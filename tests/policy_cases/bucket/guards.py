from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.store_cases import bucket, guard

_KINDS = ("PublicAccessBlock", "OwnershipControls", "Policy", "Versioning", "LifecycleConfiguration")


def _without(kind: str) -> list[Given]:
    return [bucket(), *(guard(each) for each in _KINDS if each != kind)]


_ALL = _without("")
_UNKNOWN_NAME = [Given(each.type, each.name, {"bucket": UNKNOWN}, each.depends_on) for each in _ALL]

CASES = Cases(
    passes=Case(_ALL),
    fails=Case([bucket()], says=[f"This bucket has no Bucket{kind}." for kind in _KINDS]),
    missing=Case(_without("Policy"), says=["This bucket has no BucketPolicy."]),
    unknown=Case(_UNKNOWN_NAME),
    more={
        "guards of another bucket do not count": Case(
            [*_ALL, bucket("other")], says=[f"This bucket has no Bucket{kind}." for kind in _KINDS]
        ),
        "a name computed from this bucket but of another does not count": Case(
            [
                *_without("Policy"),
                Given("aws:s3/bucketPolicy:BucketPolicy", "p", {"bucket": "traces-logs"}, {"bucket": ["traces"]}),
            ],
            says=["This bucket has no BucketPolicy."],
        ),
        "the provider's former name of a type counts": Case(
            [
                *_without("Versioning"),
                Given("aws:s3/bucketVersioningV2:BucketVersioningV2", "old", {"bucket": "traces"}),
            ]
        ),
    },
)
