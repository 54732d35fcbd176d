from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.store_cases import document


def _account(name: Any = "tempo") -> Given:
    metadata = {"name": name, "namespace": "observability", "annotations": UNKNOWN}
    return Given("kubernetes:core/v1:ServiceAccount", "account", {"metadata": metadata})


def _association(account: Any = "tempo") -> Given:
    inputs = {"namespace": "observability", "serviceAccount": account}
    return Given("aws:eks/podIdentityAssociation:PodIdentityAssociation", "association", inputs)


_TAGS = {
    "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:123456789012:cluster/prod",
    "aws:RequestTag/kubernetes-namespace": "observability",
    "aws:RequestTag/kubernetes-service-account": "tempo",
}
_PODS = {
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Condition": {"StringEquals": _TAGS},
}
_ROLE = Given("aws:iam/role:Role", "role", {"assumeRolePolicy": document(_PODS)})
_NONE = "The stack has no service account tempo in the namespace observability."

CASES = Cases(
    passes=Case([_account(), _association(), _ROLE]),
    fails=Case([_account("tempo-2"), _association(), _ROLE], says=[_NONE, _NONE]),
    missing=Case([_account(), _association(None)], says=["serviceAccount is missing"]),
    unknown=Case([_account(UNKNOWN), _association()], says=[_NONE]),
)
