"""No rule says a value that may be a secret, and none ends in an exception, whatever the resources look like."""

import copy
import dataclasses
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from policies.property import Property, Special
from policies.resources import Resource, Stack
from policies.rule import ResourceRule, StackRule, Violation
from review.recorded import recorded_stack
from snapshot.recorder import SECRET
from tests.seeds.all_seeds import all_seeds
from tests.support.programs import recorded
from tests.support.seed_groups import groups, planted
from tests.support.seeded import violations
from tests.support.stacks import STACKS, config_of

Path = tuple[str | int, ...]
_PLANTED = "planted-9d41c7"
# How a rule says that it ended in an exception.
_EXCEPTION = "in the rule"
# One place in so many is tried with the rules of a stack, each of which reads all resources.
_EACH = 31
# What a value may be replaced by: unknown, missing, and each shape of JSON.
_OTHERS: tuple[object, ...] = (Special.UNKNOWN, None, True, -1.5, "a: [", [], [None], {"key": None})


@cache
def whole(stack: str) -> Stack:
    """Return a committed stack as recorded."""
    return recorded_stack(recorded(stack), config_of(stack))


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
    stacks = [
        whole(stack),
        *(planted(stack, g) for g in groups(stack, all_seeds())),
    ]
    found = [each for one in stacks for each in said(planted_stack(one), stack)]
    assert [(rule, one.sentence) for rule, one in found if _PLANTED in one.sentence] == []


def test_the_planted_secrets_are_where_a_rule_would_find_them() -> None:
    """Otherwise the test above would find nothing to leak."""
    stack = planted_stack(whole("dojo"))
    kinds = {each.type.rpartition(":")[2] for each in stack.resources if _PLANTED in str(each.properties.value)}
    assert {"Secret", "ConfigMap", "RandomPassword", "StatefulSet", "DaemonSet"} <= kinds


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every property."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from paths(one, (*path, key))


def replaced(resource: Resource, path: Path, other: object) -> Resource:
    """Return a resource with another value at a path."""
    properties = copy.deepcopy(resource.properties.value)
    parent = properties
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = other
    return dataclasses.replace(resource, properties=Property(properties))


def places(*stacks: str) -> list[tuple[str, int, Path]]:
    """Return stack, number of a resource and path in it, each kind of place in a type of resource only once."""
    found: dict[tuple[str, Path], tuple[str, int, Path]] = {}
    for stack in stacks:
        for number, resource in enumerate(whole(stack).resources):
            for path in paths(resource.properties.value):
                kind = tuple(key for key in path if isinstance(key, str))
                found.setdefault((resource.type, kind), (stack, number, path))
    return list(found.values())


def test_no_rule_of_a_resource_ends_in_an_exception() -> None:
    """Whatever a rule's author did not think of is refused with a sentence that names the property."""
    concerned = [rule for rule in all_rules() if isinstance(rule, ResourceRule)]
    failed = {}
    for index, (stack, number, path) in enumerate(places(*STACKS)):
        original = whole(stack).resources[number]
        rules = [rule for rule in concerned if rule.concerns(original.type)]
        # Not all of them at each place, which takes too long; each rule reads many places.
        for other in _OTHERS[index % 3 :: 3]:
            broken = replaced(original, path, other)
            for rule in rules:
                if _EXCEPTION in str([found.sentence for found in rule.violations(broken, {})]):
                    failed[rule.name] = (broken.type, path, other)
    assert failed == {}


def test_no_rule_of_a_stack_ends_in_an_exception() -> None:
    concerned = [rule for rule in all_rules() if isinstance(rule, StackRule)]
    failed = {}
    for index, (stack, number, path) in enumerate(places(*STACKS)[::_EACH]):
        other = _OTHERS[index % len(_OTHERS)]
        resources = list(whole(stack).resources)
        resources[number] = replaced(resources[number], path, other)
        for rule in concerned:
            found = rule.violations(Stack(resources, config_of(stack)), {})
            if _EXCEPTION in str([one.sentence for one in found]):
                failed[rule.name] = (resources[number].type, path, other)
    assert failed == {}
