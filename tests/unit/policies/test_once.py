"""The SDK converts each resource once, and every rule says the same as without that."""

from typing import Any

import pytest
from google.protobuf import json_format
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, policy
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies.catalogue import all_rules
from policies.once import convert_once
from policies.pack import as_policy
from policies.remembering import remembering
from tests.support.policy_engine import said
from tests.unit.policies.test_rules import CASES, RULES

_REPLACED = ("json_format", "deserialize_properties", "unknown_checking_proxy")


@pytest.fixture
def converting_once(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The messages that the SDK converts, after it was told to convert each once; undone at the end."""
    converted: list[Any] = []
    original = json_format.MessageToDict

    def counting(message: Any) -> Any:
        converted.append(message)
        return original(message)

    for name in _REPLACED:
        monkeypatch.setattr(policy, name, getattr(policy, name))
    monkeypatch.setattr(json_format, "MessageToDict", counting)
    convert_once()
    return converted


def test_the_properties_of_a_resource_are_converted_once_for_all_rules(converting_once: list[Any]) -> None:
    level = EnforcementLevel.MANDATORY
    servicer: Any = _PolicyAnalyzerServicer("pack", "1.0.0", [as_policy(rule) for rule in all_rules()], level)
    servicer.Analyze(proto.AnalyzeRequest(type="kubernetes:apps/v1:Deployment", urn="urn", name="name"), None)
    assert len(converting_once) == 1
    resources = [proto.AnalyzerResource(type="a:b:C", urn=f"urn:{name}", name=name) for name in ("one", "two")]
    servicer.AnalyzeStack(proto.AnalyzeStackRequest(resources=resources), None)
    assert len(converting_once) == 3


@pytest.mark.usefixtures("converting_once")
@pytest.mark.parametrize("path", CASES)
def test_a_rule_says_the_same(path: str) -> None:
    """Of unknown values and secrets, too."""
    for case in CASES[path].all().values():
        found = [one.sentence for one in said(RULES[path], case.resources, case.config, case.stack_config)]
        assert len(found) == len(case.says), found
        assert all(any(expected in sentence for sentence in found) for expected in case.says)


def test_another_object_with_the_same_content_is_converted_again() -> None:
    count = iter(range(9))
    once = remembering(lambda _: next(count))
    one: dict[str, int] = {}
    other: dict[str, int] = {}
    assert [once(one), once(other), once(one)] == [0, 1, 0]
