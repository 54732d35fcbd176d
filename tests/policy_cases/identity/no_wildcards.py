from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.store_cases import allow, deny, document, permissions


def _alone(*statements: dict[str, object]) -> list[Given]:
    return [permissions(*statements, of_key=False)]


_INLINE = [{"name": "inline", "policy": document(allow("s3:*"))}]

CASES = Cases(
    passes=Case(_alone(allow(), allow("s3:ListBucket", "arn:aws:s3:::traces"), deny({}, "s3:*"))),
    fails=Case(_alone(allow("s3:*")), says=["Statement One allows the action s3:*."]),
    missing=Case(_alone(allow(Resource=None)), says=["allows the resource *."]),
    # Judged by policies-are-known-at-preview from the registered text.
    unknown=Case([permissions(text=UNKNOWN, of_key=False)]),
    more={
        "every bucket": Case(
            _alone(allow(resource="arn:aws:s3:::*")), says=["allows the resource arn:aws:s3:::*."]
        ),
        "buckets of a prefix": Case(
            _alone(allow(resource="arn:aws:s3:::fawkes-*/*")),
            says=["allows the resource arn:aws:s3:::fawkes-*/*."],
        ),
        "every key": Case(
            _alone(allow("kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/*")), says=["allows the resource"]
        ),
        "all actions but some": Case(
            _alone(allow(Action=None, NotAction="iam:*")), says=["Statement One allows the action *."]
        ),
        "an action that IAM knows for the account only": Case(
            _alone(allow("s3:ListAllMyBuckets", "*")), config={"account_wide_actions": ["s3:ListAllMyBuckets"]}
        ),
        "a policy inside the role": Case(
            [Given("aws:iam/role:Role", "role", {"inlinePolicies": _INLINE})], says=["allows the action s3:*."]
        ),
    },
)
