"""Evaluate a request to Amazon by the rules of its IAM user guide.

"Policy evaluation logic": a matching Deny decides, then a matching Allow; otherwise the request is denied. A key
policy that names the account lets the account's own policies grant access, and grants none itself. Only the
elements that this product's policies use are supported; any other raises, so no test passes because of a rule
that was ignored.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Policy = Mapping[str, Any]
_ELEMENTS = {"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "Condition"}


class Decision(Enum):
    """The decision of one policy, or of several together."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


@dataclass(frozen=True, kw_only=True)
class Request:
    """A call: an action like `s3:PutObject`, the resource's ARN, the principal and the request's context.

    A principal is a kind (`AWS`, `Service` or `Federated`) and a name. The context's keys are condition keys; an
    absent key is absent in the request.
    """

    action: str
    resource: str = "*"
    principal: tuple[str, str] = ("AWS", "arn:aws:iam::123456789012:role/tempo")
    context: Mapping[str, str] = field(default_factory=dict)


def decide(request: Request, *, identity: Sequence[Policy] = (), resource: Sequence[Policy] = ()) -> Decision:
    """Return the decision for a principal of the same account: policies of either side may allow or deny."""
    answers = [_answer(policy, request, of_resource=False) for policy in identity]
    answers += [_answer(policy, request, of_resource=True) for policy in resource]
    return _joined(answers)


def decide_about_key(request: Request, *, identity: Sequence[Policy], key_policy: Policy) -> Decision:
    """Return the decision of KMS: the account's policies count only if the key policy delegates to the account."""
    account = f"arn:aws:iam::{request.principal[1].split(':')[4]}:root"
    as_account = Request(
        action=request.action, resource=request.resource, principal=("AWS", account), context=request.context
    )
    delegated = _answer(key_policy, as_account, of_resource=True) is Decision.ALLOW
    answers = [_answer(key_policy, request, of_resource=True)]
    if delegated:
        answers += [_answer(policy, request, of_resource=False) for policy in identity]
    return _joined(answers)


def _joined(answers: Sequence[Decision]) -> Decision:
    for decision in (Decision.EXPLICIT_DENY, Decision.ALLOW):
        if decision in answers:
            return decision
    return Decision.IMPLICIT_DENY


def _answer(policy: Policy, request: Request, *, of_resource: bool) -> Decision:
    assert policy["Version"] == "2012-10-17"
    applied = [each for each in policy["Statement"] if _applies(each, request, of_resource=of_resource)]
    effects = [statement["Effect"] for statement in applied]
    if "Deny" in effects:
        return Decision.EXPLICIT_DENY
    return Decision.ALLOW if "Allow" in effects else Decision.IMPLICIT_DENY


def _applies(statement: Mapping[str, Any], request: Request, *, of_resource: bool) -> bool:
    assert set(statement) <= _ELEMENTS, f"unsupported elements: {set(statement) - _ELEMENTS}"
    assert ("Principal" in statement) == of_resource, "only a resource policy names principals"
    return (
        _acts(statement, request.action)
        and any(_like(pattern, request.resource) for pattern in _listed(statement.get("Resource", "*")))
        and (not of_resource or _names(statement["Principal"], request.principal))
        and all(
            _holds(operator, key, _listed(expected), request.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, expected in keys.items()
        )
    )


def _acts(statement: Mapping[str, Any], action: str) -> bool:
    named = _listed(statement["NotAction"] if "NotAction" in statement else statement["Action"])
    found = any(_like(pattern.lower(), action.lower()) for pattern in named)
    return found != ("NotAction" in statement)


def _names(principal: str | Mapping[str, Any], caller: tuple[str, str]) -> bool:
    if principal == "*":
        return True
    assert isinstance(principal, Mapping)
    kind, name = caller
    return any(pattern in {"*", name} for pattern in _listed(principal.get(kind, [])))


def _holds(operator: str, key: str, expected: Sequence[str], context: Mapping[str, str]) -> bool:
    """Return whether one condition holds: some expected value matches, or none under a negated operator."""
    actual = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if operator == "Null":
        return (actual is None) == (expected == ["true"])
    name = operator.removesuffix("IfExists")
    negated = "Not" in name
    compare = _OPERATORS[name.replace("Not", "", 1) if negated else name]
    if actual is None:
        # A negated condition holds for a missing key, and so does an operator that ends with IfExists.
        return negated or operator.endswith("IfExists")
    return any(compare(pattern, actual) for pattern in expected) != negated


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _like(pattern: str, text: str) -> bool:
    """Return whether a string matches a pattern with `*` (any characters, also `/`) and `?` (one)."""
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _arn_like(pattern: str, text: str) -> bool:
    """Return whether an ARN matches a pattern, each of its six parts separately."""
    patterns, parts = pattern.split(":", 5), text.split(":", 5)
    return len(patterns) == len(parts) and all(map(_like, patterns, parts))


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda pattern, text: pattern == text,
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": lambda pattern, text: pattern.lower() == text.lower(),
    "NumericEquals": lambda pattern, text: float(text) == float(pattern),
    "NumericLessThan": lambda pattern, text: float(text) < float(pattern),
    "NumericGreaterThanEquals": lambda pattern, text: float(text) >= float(pattern),
}
