"""Recorded stacks with seeded misconfigurations, and what rules say of them."""

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

from policies.resources import Stack
from policies.rule import ResourceRule, Rule, Violation
from review.recorded import recorded_stack
from snapshot.program import record_program
from snapshot.recorder import Recorder, Registration
from tests.seeds.seed import Added, Seed
from tests.support.programs import recorded
from tests.support.stacks import as_config, config_of, sections


def seeded(seed: Seed) -> Stack:
    """Return the recorded stack of a seed, broken by it."""
    return recorded_stack(seeded_recorder(seed), config_of(seed.stack) | seeded_config(seed))


def seeded_recorder(seed: Seed) -> Recorder:
    """Return the recording of a seed's stack, broken by it."""
    if seed.settings:
        return record_program(seeded_config(seed), seed.stack)
    original = recorded(seed.stack)
    broken = copy.copy(original)
    kept = [found for found in original.registrations if found.name not in seed.removed]
    broken.registrations = [_edited(found, seed) for found in kept] + [_new(each, original) for each in seed.added]
    return broken


def seeded_config(seed: Seed) -> dict[str, Any]:
    """Return what the stack file has below `config:`, with the seed's settings."""
    return as_config(sections(seed.stack, dict(seed.settings)))


def violations(rule: Rule, stack: Stack, bounds: Mapping[str, Any]) -> list[Violation]:
    """Return what a rule says of all resources of a stack."""
    if isinstance(rule, ResourceRule):
        return [found for resource in stack.resources for found in rule.violations(resource, bounds)]
    return rule.violations(stack, bounds)


def _edited(found: Registration, seed: Seed) -> Registration:
    if found.name not in seed.edits or not found.custom:
        return found
    inputs = copy.deepcopy(found.inputs)
    seed.edits[found.name](inputs)
    return dataclasses.replace(found, inputs=inputs)


def _new(added: Added, recorder: Recorder) -> Registration:
    like = recorder.one(added.like)
    urn = like.urn.replace(like.type, added.type).replace(f"::{like.name}", f"::{added.name}")
    return dataclasses.replace(
        like, urn=urn, type=added.type, name=added.name, inputs=added.inputs, property_dependencies={}
    )
