"""The policy evaluator of the tests follows the rules of the IAM user guide.

Pages: "Policy evaluation logic", "IAM JSON policy elements: Condition operators" and "…: Principal", and of the
KMS developer guide "Key policies".
"""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.iam import Decision, Request, decide, decide_about_key

ALLOW, DENY, NONE = Decision.ALLOW, Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY
OBJECT = "arn:aws:s3:::examplebucket/folder/file"
ROOT = "arn:aws:iam::123456789012:root"


def policy(**statement: Any) -> dict[str, Any]:
    """Return a policy of one statement, which allows everything by default."""
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"} | statement],
    }


def get(context: Mapping[str, str] | None = None) -> Request:
    """Return a read of an object."""
    return Request(action="s3:GetObject", resource=OBJECT, context=context or {})


def test_nothing_is_allowed_by_default() -> None:
    assert decide(get()) is NONE


def test_a_refusal_beats_a_permission_wherever_either_stands() -> None:
    refusal = policy(Effect="Deny", Principal="*")
    assert decide(get(), identity=[policy()]) is ALLOW
    assert decide(get(), identity=[policy()], resource=[refusal]) is DENY
    assert decide(get(), identity=[policy(Effect="Deny")], resource=[policy(Principal="*")]) is DENY


def test_either_side_may_allow_within_an_account() -> None:
    assert decide(get(), resource=[policy(Principal="*")]) is ALLOW


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Action": "s3:GetObject"}, ALLOW),
        ({"Action": "S3:getobject"}, ALLOW),  # names of actions are not case-sensitive
        ({"Action": "s3:Get*"}, ALLOW),
        ({"Action": ["s3:PutObject", "s3:GetObject"]}, ALLOW),
        ({"Action": "s3:GetObjectTagging"}, NONE),
        ({"Action": "s3:Get?bject"}, ALLOW),
        ({"Action": "kms:*"}, NONE),
        ({"Resource": "arn:aws:s3:::examplebucket/*"}, ALLOW),  # a wildcard spans slashes
        ({"Resource": "arn:aws:s3:::examplebucket"}, NONE),
        ({"Resource": "arn:aws:s3:::ExampleBucket/*"}, NONE),
        ({"Resource": "arn:aws:s3:::otherbucket/*"}, NONE),
    ],
)
def test_actions_and_resources_match_as_documented(statement: dict[str, Any], expected: Decision) -> None:
    assert decide(get(), identity=[policy(**statement)]) is expected


def test_all_but_an_action_is_everything_else() -> None:
    but_reading: dict[str, Any] = policy(NotAction="s3:GetObject")
    del but_reading["Statement"][0]["Action"]
    assert decide(get(), identity=[but_reading]) is NONE
    assert decide(Request(action="s3:PutObject"), identity=[but_reading]) is ALLOW


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ({"StringEquals": {"k": "a"}}, "a", ALLOW),
        ({"StringEquals": {"k": "a"}}, "A", NONE),
        ({"StringEquals": {"k": ["a", "b"]}}, "b", ALLOW),  # several values are alternatives
        ({"StringEquals": {"k": "a"}}, None, NONE),
        ({"StringEquals": {"K": "a"}}, "a", ALLOW),  # names of keys are not case-sensitive
        ({"StringNotEquals": {"k": "a"}}, "b", ALLOW),
        ({"StringNotEquals": {"k": "a"}}, "a", NONE),
        ({"StringNotEquals": {"k": ["a", "b"]}}, "b", NONE),  # under a negation none may match
        ({"StringNotEquals": {"k": "a"}}, None, ALLOW),  # a missing key is not equal
        ({"StringEqualsIfExists": {"k": "a"}}, None, ALLOW),
        ({"StringEqualsIfExists": {"k": "a"}}, "b", NONE),
        ({"StringNotEqualsIfExists": {"k": "a"}}, None, ALLOW),
        ({"StringLike": {"k": "a*c?"}}, "abbcd", ALLOW),
        ({"StringLike": {"k": "a*c?"}}, "abbc", NONE),
        ({"StringNotLike": {"k": "a*"}}, "ab", NONE),
        ({"Bool": {"k": "false"}}, "false", ALLOW),
        ({"Bool": {"k": "false"}}, "true", NONE),
        ({"Bool": {"k": "false"}}, None, NONE),
        ({"BoolIfExists": {"k": "false"}}, None, ALLOW),
        ({"NumericLessThan": {"k": "1.2"}}, "1.1", ALLOW),
        ({"NumericLessThan": {"k": "1.2"}}, "1.2", NONE),
        ({"NumericLessThan": {"k": "1.2"}}, None, NONE),
        ({"NumericGreaterThanEquals": {"k": "10"}}, "9", NONE),  # as numbers, not as strings
        ({"NumericEquals": {"k": "10"}}, "10.0", ALLOW),
        ({"Null": {"k": "true"}}, None, ALLOW),
        ({"Null": {"k": "true"}}, "a", NONE),
        ({"Null": {"k": "false"}}, "a", ALLOW),
        ({"Null": {"k": "false"}}, None, NONE),
        ({"ArnLike": {"k": "arn:aws:s3:::b"}}, "arn:aws:s3:::b", ALLOW),
        ({"ArnLike": {"k": "arn:aws:eks:*:1:cluster/*"}}, "arn:aws:eks:eu-west-1:1:cluster/c", ALLOW),
        ({"ArnLike": {"k": "arn:*:cluster/c"}}, "arn:aws:eks:eu-west-1:1:cluster/c", NONE),  # part by part
        ({"ArnNotEquals": {"k": "arn:aws:s3:::b"}}, "arn:aws:s3:::b", NONE),
        ({"StringEquals": {"k": "a"}, "Bool": {"k2": "true"}}, "a", NONE),  # all conditions must hold
    ],
)
def test_conditions_hold_as_documented(condition: dict[str, Any], value: str | None, expected: Decision) -> None:
    context = {} if value is None else {"k": value}
    assert decide(get(context), identity=[policy(Condition=condition)]) is expected


@pytest.mark.parametrize(
    ("principal", "caller", "expected"),
    [
        ("*", ("Service", "logging.s3.amazonaws.com"), ALLOW),
        ({"Service": "logging.s3.amazonaws.com"}, ("Service", "logging.s3.amazonaws.com"), ALLOW),
        ({"Service": "logging.s3.amazonaws.com"}, ("Service", "ec2.amazonaws.com"), NONE),
        ({"Service": "logging.s3.amazonaws.com"}, ("AWS", "logging.s3.amazonaws.com"), NONE),
        ({"AWS": ["arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b"]}, ("AWS", "arn:aws:iam::1:role/b"), ALLOW),
        # The account as a principal delegates to its own policies; it allows nobody by itself.
        ({"AWS": ROOT}, ("AWS", "arn:aws:iam::123456789012:role/tempo"), NONE),
    ],
)
def test_principals_match_as_documented(principal: Any, caller: tuple[str, str], expected: Decision) -> None:
    request = Request(action="s3:GetObject", resource=OBJECT, principal=caller)
    assert decide(request, resource=[policy(Principal=principal)]) is expected


def test_the_accounts_policies_open_a_key_only_if_its_own_policy_names_the_account() -> None:
    decrypt = Request(action="kms:Decrypt", resource="arn:aws:kms:eu-west-1:123456789012:key/1")
    named, other = policy(Principal={"AWS": ROOT}), policy(Principal={"AWS": "arn:aws:iam::999999999999:root"})
    assert decide_about_key(decrypt, identity=[policy()], key_policy=named) is ALLOW
    assert decide_about_key(decrypt, identity=[], key_policy=named) is NONE
    assert decide_about_key(decrypt, identity=[policy()], key_policy=other) is NONE


def test_what_the_judge_does_not_understand_it_does_not_judge() -> None:
    """An ignored element would make a test pass that Amazon's own evaluation would fail."""
    with pytest.raises(AssertionError, match="NotResource"):
        decide(get(), identity=[policy(NotResource="*")])
    with pytest.raises(KeyError, match="DateLessThan"):
        decide(get({"k": "1"}), identity=[policy(Condition={"DateLessThan": {"k": "1"}})])
