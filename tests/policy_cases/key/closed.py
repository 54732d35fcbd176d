from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import Document, allow, document, key

_ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
_ADMIN = allow("kms:*", "*", Principal=_ROOT)
_USER = {"AWS": "arn:aws:iam::123456789012:user/eve"}
_OWN = {"StringEquals": {"kms:CallerAccount": "123456789012"}}


def _with(*statements: Document) -> Case:
    return Case([key(policy=document(*statements))])


CASES = Cases(
    passes=_with(_ADMIN, allow("kms:Decrypt", "*", Principal=_USER)),
    fails=Case([key(policy=document(allow("kms:Decrypt", "*", Principal="*")))], says=["One lets everybody use"]),
    missing=Case([key()]),
    unknown=Case([key(policy=UNKNOWN)], says=["policy is not known"]),
    more={
        "everybody of the own account": _with(allow("kms:Decrypt", "*", Principal="*", Condition=_OWN)),
        "everybody of all accounts but one": Case(
            [
                key(
                    policy=document(
                        allow(
                            "kms:Decrypt",
                            "*",
                            Principal="*",
                            Condition={"StringNotEquals": {"kms:CallerAccount": "123456789012"}},
                        )
                    )
                )
            ],
            says=["One lets everybody use the key"],
        ),
        "everybody of any account": Case(
            [
                key(
                    policy=document(
                        allow(
                            "kms:Decrypt",
                            "*",
                            Principal="*",
                            Condition={"StringLike": {"kms:CallerAccount": "*"}},
                        )
                    )
                )
            ],
            says=["One lets everybody use the key"],
        ),
        "a user of another account": Case(
            [
                key(
                    policy=document(
                        _ADMIN, allow("kms:Decrypt", "*", Principal={"AWS": "arn:aws:iam::999999999999:role/eve"})
                    )
                )
            ],
            says=["names 2 accounts"],
        ),
        "everybody of another account": Case(
            [
                key(
                    policy=document(
                        _ADMIN,
                        allow(
                            "kms:Decrypt",
                            "*",
                            Principal="*",
                            Condition={"StringEquals": {"kms:CallerAccount": "999999999999"}},
                        ),
                    )
                )
            ],
            says=["names 2 accounts"],
        ),
        "a user who administers": Case(
            [key(policy=document(allow("kms:Put*", "*", Principal=_USER)))], says=["user/eve administer the key"]
        ),
        "a second account": Case(
            [key(policy=document(_ADMIN, allow("kms:*", "*", Principal={"AWS": "999999999999"})))],
            says=["names 2 accounts"],
        ),
        "nobody can lock himself out": Case(
            [key(bypassPolicyLockoutSafetyCheck=True)], says=["bypassPolicyLockoutSafetyCheck is on"]
        ),
    },
)
