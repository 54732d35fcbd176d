from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import EVERYTHING, PLAIN_HTTP, deny, policy, refused_uploads

_REFUSED = "refuses s3:PutBucketPolicy and s3:DeleteBucketPolicy to everybody"
_ADMIN = {"AWS": "arn:aws:iam::123456789012:role/admin"}

CASES = Cases(
    passes=Case([policy(deny(PLAIN_HTTP), *refused_uploads("key"))]),
    fails=Case([policy(deny({}))], says=[f"Statement Two {_REFUSED}"]),
    missing=Case([policy(deny(PLAIN_HTTP, Condition=None))], says=[_REFUSED]),
    # Judged by policies-are-known-at-preview from the registered text.
    unknown=Case([policy(text=UNKNOWN)]),
    more={
        "everybody over TLS": Case([policy(deny({"Bool": {"aws:SecureTransport": "true"}}))], says=[_REFUSED]),
        "the change of the policy alone": Case(
            [policy(deny({}, "s3:PutBucket*"))], says=["refuses s3:PutBucketPolicy to everybody"]
        ),
        "all but reading": Case([policy(deny({}, None, NotAction="s3:Get*"))], says=[_REFUSED]),
        "all but policies": Case([policy(deny({}, None, NotAction="s3:*BucketPolicy"))]),
        "all buckets": Case([policy(deny({}, resource="*"))], says=[_REFUSED]),
        "all but another bucket": Case(
            [policy(deny({}, Resource=None, NotResource="arn:aws:s3:::other"))], says=[_REFUSED]
        ),
        "objects alone": Case([policy(deny({}, resource=EVERYTHING[1]))]),
        "deletion of objects": Case([policy(deny({}, "s3:DeleteObject*"))]),
        "all but an administrator": Case([policy(deny({}, Principal=None, NotPrincipal=_ADMIN))]),
        "one role": Case([policy(deny({}, Principal=_ADMIN))]),
        "a statement that allows": Case([policy(deny({}, Effect="Allow"))]),
    },
)
