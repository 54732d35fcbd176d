from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.store_cases import Document, document

_ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/0A1B"
_ARN = f"arn:aws:iam::123456789012:oidc-provider/{_ISSUER}"
_TAGS = {
    "aws:RequestTag/kubernetes-namespace": "observability",
    "aws:RequestTag/kubernetes-service-account": "tempo",
}
_CLUSTER = {"aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:123456789012:cluster/prod"}
_CLAIMS = {f"{_ISSUER}:sub": "system:serviceaccount:observability:tempo", f"{_ISSUER}:aud": "sts.amazonaws.com"}


def _statement(principal: Any, condition: Any) -> Document:
    return {"Sid": "Pods", "Effect": "Allow", "Principal": principal, "Action": "sts:*", "Condition": condition}


def _role(*statements: Document) -> Given:
    return Given("aws:iam/role:Role", "role", {"assumeRolePolicy": document(*statements)})


def _pods(**tags: Any) -> Document:
    return _statement({"Service": "pods.eks.amazonaws.com"}, {"StringEquals": tags})


def _token(claims: Document, operator: str = "StringEquals") -> Case:
    return Case([_role(_statement({"Federated": _ARN}, {operator: claims}))])


def _refused(case: Case, sentence: str) -> Case:
    return Case(case.resources, says=[sentence])


CASES = Cases(
    passes=Case([_role(_pods(**_TAGS, **_CLUSTER))]),
    fails=Case(
        [_role(_statement({"AWS": "*"}, {}))],
        says=["Statement Pods trusts AWS *; EKS Pod Identity and the cluster's"],
    ),
    missing=Case([_role(_pods(**_TAGS))], says=["does not bind aws:RequestTag/eks-cluster-arn to one cluster"]),
    unknown=Case(
        [Given("aws:iam/role:Role", "role", {"assumeRolePolicy": UNKNOWN})], says=["assumeRolePolicy is not known"]
    ),
    more={
        "every service account of a namespace": Case(
            [_role(_pods(**_CLUSTER, **{"aws:RequestTag/kubernetes-namespace": "observability"}))],
            says=["does not bind aws:RequestTag/kubernetes-namespace and"],
        ),
        "one of two service accounts": Case(
            [
                _role(
                    _pods(
                        **_CLUSTER, **_TAGS | {"aws:RequestTag/kubernetes-service-account": ["tempo", "grafana"]}
                    )
                )
            ],
            says=["to one value each"],
        ),
        "two service accounts": Case(
            [
                _role(
                    _pods(**_CLUSTER, **_TAGS),
                    _pods(**_CLUSTER, **_TAGS | {"aws:RequestTag/kubernetes-service-account": "grafana"}),
                )
            ],
            says=["The role trusts 2 service accounts; one is allowed."],
        ),
        "nobody named": Case([_role(_statement(None, {}))], says=["names nobody whom it trusts"]),
        "a token of one service account": _token(_CLAIMS),
        "a token by a pattern": _refused(_token(_CLAIMS, "StringLike"), "does not bind the token's sub"),
        "a token of any service account": _refused(
            _token(_CLAIMS | {f"{_ISSUER}:sub": "system:serviceaccount:observability:*"}), "bind the token's sub"
        ),
        "a token for anybody": _refused(
            _token({f"{_ISSUER}:sub": _CLAIMS[f"{_ISSUER}:sub"]}),
            "does not bind the token's aud to sts.amazonaws.com",
        ),
        "a claim of another issuer": _refused(
            _token({key.replace("0A1B", "FFFF"): value for key, value in _CLAIMS.items()}), "bind the token's sub"
        ),
    },
)
