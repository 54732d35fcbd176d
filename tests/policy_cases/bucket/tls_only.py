import json

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import EVERYTHING, PLAIN_HTTP, deny, policy

_BOTH = ["refuses plain HTTP to the bucket itself", "refuses plain HTTP to its objects"]
_NARROW = PLAIN_HTTP | {"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/admin"}}

CASES = Cases(
    passes=Case([policy(deny(PLAIN_HTTP))]),
    fails=Case([policy(deny({"Bool": {"aws:SecureTransport": "true"}}))], says=_BOTH),
    missing=Case([policy()], says=_BOTH),
    # Judged by policies-are-known-at-preview from the registered text.
    unknown=Case([policy(text=UNKNOWN)]),
    more={
        "objects alone": Case([policy(deny(PLAIN_HTTP, resource=EVERYTHING[1]))], says=_BOTH[:1]),
        "some objects": Case(
            [policy(deny(PLAIN_HTTP, resource=[EVERYTHING[0], f"{EVERYTHING[0]}/a*"]))], says=_BOTH[1:]
        ),
        "each in a statement of its own": Case(
            [policy(*(deny(PLAIN_HTTP, resource=each) for each in EVERYTHING))],
        ),
        "another bucket": Case([policy(deny(PLAIN_HTTP, resource="arn:aws:s3:::other*"))], says=_BOTH),
        "another condition beside it": Case([policy(deny(_NARROW))], says=_BOTH),
        "somebody left out": Case(
            [policy(deny(PLAIN_HTTP, Principal=None, NotPrincipal={"AWS": "arn:aws:iam::123456789012:root"}))],
            says=_BOTH,
        ),
        "one principal": Case([policy(deny(PLAIN_HTTP, Principal={"AWS": "123456789012"}))], says=_BOTH),
        "reading alone": Case([policy(deny(PLAIN_HTTP, "s3:GetObject"))], says=_BOTH),
        "a statement that allows": Case([policy(deny(PLAIN_HTTP, Effect="Allow"))], says=_BOTH),
        "everybody written as an account": Case([policy(deny(PLAIN_HTTP, Principal={"AWS": ["*"]}))]),
        "true and false of JSON": Case([policy(deny({"Bool": {"aws:securetransport": False}}))]),
        "a condition that a missing value meets": Case(
            [policy(deny({"BoolIfExists": {"aws:SecureTransport": ["false"]}}))]
        ),
        "one statement without a list": Case([policy(text=json.dumps({"Statement": deny(PLAIN_HTTP)}))]),
        "no JSON": Case([policy(text="{")], says=["policy is not valid JSON"]),
    },
)
