"""Whom the trust policy of a role lets assume it: service accounts of Kubernetes."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.statements import Statement

_POD_IDENTITY = "pods.eks.amazonaws.com"
_TAG = "aws:RequestTag/kubernetes-"
_CLUSTERS = ("aws:RequestTag/eks-cluster-arn", "aws:SourceArn")
_AUDIENCE = "sts.amazonaws.com"
_SUBJECT = "system:serviceaccount:"


@dataclass(frozen=True)
class Trusted:
    """A service account, or what is wrong with a principal."""

    namespace: str = ""
    service_account: str = ""
    wrong: str = ""


def trusted(statement: Statement) -> Iterator[Trusted]:
    """Yield whom a statement lets assume the role.

    Only conditions of StringEquals bind: they need the value to be there, and allow no pattern.
    """
    if not statement.principals():
        yield Trusted(wrong="names nobody whom it trusts")
    for kind, name in statement.principals():
        if (kind, name) == ("Service", _POD_IDENTITY):
            yield _pod(statement)
        elif kind == "Federated" and ":oidc-provider/" in name:
            yield _token(statement, name.partition(":oidc-provider/")[2])
        else:
            yield Trusted(
                wrong=f"trusts {kind} {name}; EKS Pod Identity and the cluster's OIDC provider are allowed"
            )


def _pod(statement: Statement) -> Trusted:
    namespace, account = _one(statement, f"{_TAG}namespace"), _one(statement, f"{_TAG}service-account")
    if not namespace or not account:
        return Trusted(wrong=f"does not bind {_TAG}namespace and {_TAG}service-account to one value each")
    if not any(_one(statement, key) for key in _CLUSTERS):
        return Trusted(wrong=f"does not bind {_CLUSTERS[0]} to one cluster")
    return Trusted(namespace, account)


def _token(statement: Statement, issuer: str) -> Trusted:
    subject = _one(statement, f"{issuer}:sub")
    if not subject.startswith(_SUBJECT) or subject.count(":") != _SUBJECT.count(":") + 1:
        return Trusted(wrong="does not bind the token's sub to one service account of the provider's issuer")
    if _one(statement, f"{issuer}:aud") != _AUDIENCE:
        return Trusted(wrong=f"does not bind the token's aud to {_AUDIENCE}")
    namespace, _, account = subject.removeprefix(_SUBJECT).partition(":")
    return Trusted(namespace, account)


def _one(statement: Statement, key: str) -> str:
    """Return the one value that a key must have, '' if it may have another."""
    values = statement.required("StringEquals", key)
    return values[0] if len(values) == 1 and "*" not in values[0] else ""
