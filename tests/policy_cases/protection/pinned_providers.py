from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import changed

_AWS = Given("pulumi:providers:aws", "aws", {"region": "eu-west-1", "allowedAccountIds": '["123456789012"]'})
_KUBERNETES = Given("pulumi:providers:kubernetes", "kubernetes", {"kubeconfig": ""})
_STRICT = {"aws_account": True, "cluster": True}

CASES = Cases(
    passes=Case([_AWS, _KUBERNETES]),
    fails=Case([changed(_AWS, name="default_7_51_1")], says=["the engine's default provider"]),
    missing=Case([changed(_AWS, drop("region"))], says=["names no region"]),
    unknown=Case([changed(_AWS, put("region", UNKNOWN))], says=["region is not known"]),
    more={
        "any account": Case(
            [changed(_AWS, drop("allowedAccountIds"))], says=["credentials of any account"], config=_STRICT
        ),
        "any account, where none is demanded": Case([changed(_AWS, drop("allowedAccountIds"))]),
        "whichever cluster": Case([_KUBERNETES], says=["the kubeconfig's current one"], config=_STRICT),
        "a cluster by its context": Case([changed(_KUBERNETES, put("context", "prod"))], config=_STRICT),
    },
)
