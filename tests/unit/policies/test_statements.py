"""Statements are read as AWS evaluates them."""

import json
from typing import Any

import pytest

from policies.property import Property
from policies.statements import Statement, covers, is_wide, matches, statements
from policies.unjudged import UnjudgedError


def statement(**parts: Any) -> Statement:
    return Statement(Property(parts, "policy"), 2)


def test_a_document_may_have_one_statement_without_a_list() -> None:
    document = Property(json.dumps({"Statement": {"Effect": "Deny"}}), "policy").json()
    assert [each.allows for each in statements(document)] == [False]


def test_a_statement_without_a_sid_is_called_by_its_position() -> None:
    assert statement().name == "Statement number 2"
    assert statement(Sid="Logs").name == "Statement Logs"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"Principal": "*"}, [("AWS", "*")]),
        ({"Principal": {"AWS": ["1", "2"], "Service": "s3"}}, [("AWS", "1"), ("AWS", "2"), ("Service", "s3")]),
        ({"NotPrincipal": {"AWS": "1"}}, [("AWS", "*")]),
        ({}, []),
    ],
)
def test_principals_are_everybody_whom_a_statement_does_not_leave_out(
    parts: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert statement(**parts).principals() == expected


@pytest.mark.parametrize("left_out", ["NotAction", "NotResource"])
def test_a_statement_that_names_what_it_leaves_out_is_for_everything_else(left_out: str) -> None:
    found = statement(Effect="Allow", **{left_out: "x"})
    assert (found.actions, found.resources) == (["*"], ["*"])


def test_condition_keys_are_the_same_in_upper_and_lower_case() -> None:
    found = statement(Condition={"StringEquals": {"aws:SourceAccount": "1"}})
    assert found.required("StringEquals", "AWS:sourceaccount") == ["1"]
    assert found.required("StringLike", "aws:SourceAccount") == []


def test_a_second_condition_makes_a_statement_narrower() -> None:
    one = {"Bool": {"aws:SecureTransport": False}}
    assert statement(Condition=one).is_conditional_on(["Bool"], "aws:SecureTransport", "false")
    two = one | {"StringEquals": {"aws:SourceAccount": "1"}}
    assert not statement(Condition=two).is_conditional_on(["Bool"], "aws:SecureTransport", "false")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("s3:*", "s3:GetObject", True),
        ("s3:Get*", "s3:PutObject", False),
        ("s3:GetObjec?", "s3:GetObject", True),
        # Not an expression of Python.
        ("a.c", "abc", False),
        ("[ab]", "a", False),
    ],
)
def test_a_pattern_knows_any_text_and_any_character(pattern: str, text: str, *, expected: bool) -> None:
    assert matches(pattern, text) is expected


@pytest.mark.parametrize(
    ("arn", "target", "expected"),
    [
        ("arn:aws:s3:::traces", "traces", True),
        ("arn:aws-cn:s3:::traces/*", "traces/", True),
        ("arn:aws:s3:::traces/*", "traces", False),
        ("arn:aws:s3:::traces", "traces/", False),
        ("arn:aws:s3:::traces*", "traces/", True),
        ("arn:aws:s3:::traces/shared/*", "traces/", False),
        ("arn:aws:s3:::traces-logs/*", "traces/", False),
        ("*", "traces/", True),
    ],
)
def test_an_arn_covers_a_bucket_or_all_of_its_objects(arn: str, target: str, *, expected: bool) -> None:
    assert covers([arn], target) is expected


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("arn:aws:s3:::traces/*", False),
        ("arn:aws:s3:::traces/shared/*", False),
        ("arn:aws:s3:::traces*", True),
        ("arn:aws:s3:::*/shared", True),
        ("arn:*:s3:::traces/*", True),
        ("arn:aws:kms:eu-west-1:1:key/*", True),
        ("arn:aws:kms:eu-west-1:1:key/0a", False),
        ("*", True),
    ],
)
def test_only_objects_of_one_bucket_may_be_named_by_a_wildcard(arn: str, *, expected: bool) -> None:
    assert is_wide(arn) is expected


def test_a_statement_of_another_shape_is_refused_by_its_path() -> None:
    with pytest.raises(UnjudgedError, match=r"policy\.Condition is text; a mapping was expected"):
        statement(Condition="x").conditions()
