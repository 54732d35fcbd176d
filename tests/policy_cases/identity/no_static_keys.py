from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given, secret

_REFERENCE = {"secretKeyRef": {"name": "keys", "key": "access_key"}}


def _pod(*variables: Any) -> Given:
    return Given(
        "kubernetes:core/v1:Pod", "tempo", {"spec": {"containers": [{"name": "tempo", "env": list(variables)}]}}
    )


CASES = Cases(
    passes=Case(
        [_pod({"name": "AWS_REGION", "value": UNKNOWN}), Given("pulumi:providers:aws", "aws", {"region": "x"})]
    ),
    fails=Case(
        [_pod({"name": "AWS_ACCESS_KEY_ID", "valueFrom": _REFERENCE})],
        says=["container tempo is given AWS_ACCESS_KEY_ID."],
    ),
    missing=Case([Given("kubernetes:core/v1:Pod", "tempo", {})]),
    unknown=Case([_pod({"name": UNKNOWN, "value": "x"})], says=["name is not known"]),
    more={
        "keys of the provider": Case(
            [Given("pulumi:providers:aws", "aws", {"accessKey": "AKIA", "secretKey": secret("hidden")})],
            says=["The provider is given accessKey.", "The provider is given secretKey."],
        ),
        "keys of a store that is not Amazon's": Case(
            [_pod({"name": "AWS_ACCESS_KEY_ID", "valueFrom": _REFERENCE})], config={"store_keys": True}
        ),
        "a user of IAM": Case([Given("aws:iam/user:User", "tempo", {})], says=["This is a user of IAM"]),
    },
)
