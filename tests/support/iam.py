"""What Amazon would decide about a request, by the rules that its IAM user guide states.

"Policy evaluation logic": a matching Deny decides; else a matching Allow; else the answer is no. A key's policy
that names the account lets the account's own policies allow, and allows nothing itself. Only what this product's
policies use is understood; anything else raises, so that no test passes by ignorance.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Policy = Mapping[str, Any]


class Decision(Enum):
    """The three answers of a policy, and of the whole."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


@dataclass(frozen=True, kw_only=True)
class Request:
    """A call: `s3:PutObject`, the ARN it is for, who calls (`AWS`, `Service`, `Federated`), what is known of it.

    Keys of the context are condition keys; one that is absent is absent in the request.
    """

    action: str
    resource: str = "*"
    principal: tuple[str, str] = ("AWS", "arn:aws:iam::123456789012:role/tempo")
    context: Mapping[str, str] = field(default_factory=dict)


def decide(request: Request, *, identity: Sequence[Policy] = (), resource: Sequence[Policy] = ()) -> Decision:
    """Return the decision for a principal of the same account: either side may allow, either may refuse."""
    answers = [_answer(policy, request, of_resource=False) for policy in identity]
    answers += [_answer(policy, request, of_resource=True) for policy in resource]
    return _joined(answers)


def decide_about_key(request: Request, *, identity: Sequence[Policy], key_policy: Policy) -> Decision:
    """Return the decision of KMS, where policies of the account count only if the key's policy lets them."""
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
    effects = [one["Effect"] for one in policy["Statement"] if _applies(one, request, of_resource=of_resource)]
    if "Deny" in effects:
        return Decision.EXPLICIT_DENY
    return Decision.ALLOW if "Allow" in effects else Decision.IMPLICIT_DENY


_ELEMENTS = {"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "Condition"}


def _applies(statement: Mapping[str, Any], request: Request, *, of_resource: bool) -> bool:
    assert set(statement) <= _ELEMENTS, f"not understood: {set(statement) - _ELEMENTS}"
    assert ("Principal" in statement) == of_resource, "only a resource's policy names principals"
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
    """Return whether one condition holds; several expected values are alternatives, under a negation all count."""
    actual = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if operator == "Null":
        return (actual is None) == (expected == ["true"])
    name = operator.removesuffix("IfExists")
    negated = "Not" in name
    compare = _OPERATORS[name.replace("Not", "", 1) if negated else name]
    if actual is None:
        # A negated condition holds for a missing key, and so does one that asks only if it exists.
        return negated or operator.endswith("IfExists")
    return any(compare(pattern, actual) for pattern in expected) != negated


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _like(pattern: str, text: str) -> bool:
    """Return whether a text matches `*` (any characters, `/` too) and `?` (one)."""
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _arn_like(pattern: str, text: str) -> bool:
    """Return whether an ARN matches, each of its six parts for itself."""
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
