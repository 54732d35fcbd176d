"""A policy that is unknown at a preview is read from what its component registers."""

import json
from typing import Any

import pytest

from policies.documents import Registered, document, registered
from policies.property import Property, Special
from policies.resources import Resource, Stack
from policies.unjudged import UnjudgedError
from review.recorded import recorded_stack
from tests.support.programs import recorded
from tests.support.stacks import config_of

_TEMPLATE = '{"Statement": [{"Resource": "${kms_key_arn}"}]}'


def stack(policy: Any, outputs: dict[str, Any]) -> tuple[Stack, Resource]:
    component = Resource("urn:c", "fawkes:tracing:C", "c", Property(outputs))
    resource = Resource(
        "urn:p", "aws:iam/rolePolicy:RolePolicy", "p", Property({"policy": policy}), parent="urn:c"
    )
    return Stack([component, resource]), resource


def test_an_unknown_policy_is_read_from_the_registered_document() -> None:
    found = document(*stack(Special.UNKNOWN, {"documents": {"p": _TEMPLATE}}))
    assert found["Statement"][0]["Resource"].text() == "${kms_key_arn}"


def test_an_unknown_policy_without_one_cannot_be_judged() -> None:
    with pytest.raises(UnjudgedError, match="the policy of p is unknown"):
        document(*stack(Special.UNKNOWN, {"documents": {"another": _TEMPLATE}}))


def test_a_known_policy_is_read_itself() -> None:
    assert document(*stack('{"Statement": []}', {"documents": {"p": _TEMPLATE}}))["Statement"].items() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"Statement": [{"Resource": "arn:key"}]}', True),
        # The provider may write it in another way.
        ('{"Statement":[{"Resource":"arn:key"}]}', True),
        ('{"Statement": [{"Resource": "arn:other"}]}', False),
    ],
)
def test_a_template_agrees_with_the_same_document_only(text: str, *, expected: bool) -> None:
    found = Registered(Property(_TEMPLATE, "documents.p"), Property({"kms_key_arn": "arn:key", "other": 1}))
    assert found.agrees_with(Property(text, "policy")) is expected


@pytest.mark.parametrize("name", ["store-traces-policy", "store-identity-permissions"])
def test_the_components_register_the_documents_that_name_a_new_key(name: str) -> None:
    """At the first preview of the real program these two are unknown."""
    found = recorded_stack(recorded("prod"), config_of("prod"))
    (policy,) = [each for each in found.resources if each.name == name]
    one = registered(found, policy)
    assert one is not None
    assert "${kms_key_arn}" in one.template.text()
    assert "${kms_key_arn}" not in json.dumps(policy.properties.plain())
    assert one.agrees_with(policy["policy"])
