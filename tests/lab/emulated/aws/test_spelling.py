import json

import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.aws.spelling import document, essence, from_api, last_part, to_api


def test_names_are_spelled_as_the_api_does_and_back() -> None:
    """A lifecycle rule and a default encryption hold every irregular name."""
    here = {
        "rules": [
            {
                "id": "old",
                "filter": {"prefix": "a/"},
                "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "k"},
            }
        ]
    }
    there = {
        "Rules": [
            {
                "ID": "old",
                "Filter": {"Prefix": "a/"},
                "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"},
            }
        ]
    }
    assert to_api(here) == there
    assert from_api(there) == here


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Action": ["a"], "Effect": "Allow"}, {"Effect": "Allow", "Action": "a"}),
        ({"Action": ["a", "b"]}, {"Action": ["b", "a"]}),
        ({"Bool": {"aws:SecureTransport": False}}, {"Bool": {"aws:SecureTransport": "false"}}),
        ({"NumericLessThan": {"s3:TlsVersion": 1.2}}, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    ],
)
def test_policies_that_say_the_same_are_the_same(one: object, other: object) -> None:
    """The service answers in its own layout, which must be no difference."""
    assert document(json.dumps(one)) == document(json.dumps(other, indent=2))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Effect": "Allow"}, {"Effect": "Deny"}),
        ({"Action": ["a", "b"]}, {"Action": "a"}),
        ({"Action": "a"}, {"NotAction": "a"}),
    ],
)
def test_policies_that_say_something_else_differ(one: object, other: object) -> None:
    assert document(json.dumps(one)) != document(json.dumps(other))


def test_what_is_no_policy_is_compared_as_it_is() -> None:
    """As a value that is not known before the update."""
    assert document(UNKNOWN) == UNKNOWN
    assert document(None) is None


def test_absent_empty_and_off_say_the_same() -> None:
    assert essence({"filter": {}, "prefix": "", "bucketKeyEnabled": False, "days": 1}) == {"days": 1}
    assert essence([{"a": None}, {"b": [0]}]) == [{}, {"b": [None]}]


def test_an_arn_and_its_id_name_the_same_key() -> None:
    assert last_part("arn:aws:kms:eu-central-1:123456789012:key/abc") == last_part("abc") == "abc"
