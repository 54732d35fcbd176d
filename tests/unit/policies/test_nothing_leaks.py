"""No rule says a value that may be a secret, and none ends in an exception, whatever the resources look like."""

import copy
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from policies.property import Property, Special
from policies.resources import Resource, Stack
from policies.rule import Violation
from review.recorded import recorded_stack
from snapshot.recorder import SECRET
from tests.seeds.all_seeds import all_seeds
from tests.support.programs import recorded
from tests.support.seed_groups import groups, planted
from tests.support.seeded import violations
from tests.support.stacks import STACKS, config_of

_PLANTED = "planted-9d41c7"
# What a value may be replaced by: unknown, missing, and each shape of JSON.
_OTHERS: tuple[object, ...] = (
    Special.UNKNOWN,
    None,
    True,
    0,
    -1.5,
    "",
    "text",
    "a: [",
    [],
    [None],
    ["text"],
    {},
    {"key": None},
    10**30,
)


def said(stack: Stack, name: str) -> list[tuple[str, Violation]]:
    """Return what all rules say of a stack, with their names, whatever their level."""
    content = read_configuration(name)
    return [
        (rule.name, found)
        for rule in all_rules()
        for found in violations(rule, stack, configured(rule, content).bounds)
    ]


def with_secrets(value: Any, path: tuple[str, ...] = ()) -> Any:
    """Return properties with a planted text wherever a secret may be."""
    if isinstance(value, dict):
        return {key: with_secrets(inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_secrets(inner, path) for inner in value]
    return _PLANTED if value == SECRET or _may_be_secret(path) else value


def _may_be_secret(path: tuple[str, ...]) -> bool:
    """Return whether a path is of an annotation or of the value of a variable."""
    return "annotations" in path[:-1] or path[-2:] == ("env", "value")


def planted_in(resource: Resource) -> Resource:
    """Return a resource with planted texts, in its provider, too."""
    properties = with_secrets(resource.properties.value)
    if resource.type == "kubernetes:core/v1:Secret":
        properties |= {part: dict.fromkeys(properties.get(part, {}), _PLANTED) for part in ("data", "stringData")}
    if resource.type.startswith("random:"):
        properties |= dict.fromkeys(("result", "base64", "hex"), _PLANTED)
    provider = {
        key: _PLANTED if isinstance(text, str) else text for key, text in resource.provider.fields().items()
    }
    return dataclasses.replace(resource, properties=Property(properties), provider=Property(provider))


def planted_stack(stack: Stack) -> Stack:
    """Return a stack with planted texts, and two more resources with credentials where people put them."""
    like = stack.resources[-1]
    text = f"password: {_PLANTED}\nsecret_access_key: {_PLANTED}\n"
    more = [
        dataclasses.replace(like, type=f"kubernetes:core/v1:{kind}", properties=Property(properties))
        for kind, properties in (
            ("ConfigMap", {"metadata": {"name": "credentials"}, "data": {"tempo.yaml": text, "key": _PLANTED}}),
            ("Secret", {"metadata": {"name": "credentials"}, "stringData": {"AWS_SECRET_ACCESS_KEY": _PLANTED}}),
        )
    ]
    return Stack([*map(planted_in, stack.resources), *more], stack.configuration)


@pytest.mark.parametrize("stack", STACKS)
def test_no_sentence_contains_a_secret(stack: str) -> None:
    """The engine hands secrets to the rules in clear, and prints what they say."""
    whole = [
        recorded_stack(recorded(stack), config_of(stack)),
        *(planted(stack, g) for g in groups(stack, all_seeds())),
    ]
    found = [each for one in whole for each in said(planted_stack(one), stack)]
    assert [(rule, one.sentence) for rule, one in found if _PLANTED in one.sentence] == []


def test_the_planted_secrets_are_where_a_rule_would_find_them() -> None:
    """Otherwise the test above would find nothing to leak."""
    stack = planted_stack(recorded_stack(recorded("dojo"), config_of("dojo")))
    kinds = {each.type.rpartition(":")[2] for each in stack.resources if _PLANTED in str(each.properties.value)}
    assert {"Secret", "ConfigMap", "RandomPassword", "StatefulSet", "DaemonSet"} <= kinds


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every property."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from paths(one, (*path, key))


def replaced(resource: Resource, path: Sequence[str | int], other: object) -> Resource:
    """Return a resource with another value at a path."""
    properties = copy.deepcopy(resource.properties.value)
    parent = properties
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = other
    return dataclasses.replace(resource, properties=Property(properties))


@settings(max_examples=60)
@given(data=st.data(), name=st.sampled_from(STACKS))
def test_no_rule_ends_in_an_exception(data: st.DataObject, name: str) -> None:
    """Whatever a rule's author did not think of is refused with a sentence that names the property."""
    stack = recorded_stack(recorded(name), config_of(name))
    resources = list(stack.resources)
    for index in data.draw(st.sets(st.integers(0, len(resources) - 1), min_size=1, max_size=12)):
        where = sorted(paths(resources[index].properties.value), key=str)
        if where:
            other = data.draw(st.sampled_from(_OTHERS))
            resources[index] = replaced(resources[index], data.draw(st.sampled_from(where)), other)
    found = said(Stack(resources, stack.configuration), name)
    assert [(rule, one.sentence) for rule, one in found if "in the rule" in one.sentence] == []
