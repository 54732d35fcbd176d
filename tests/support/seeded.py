"""Recorded stacks with seeded misconfigurations, and what rules say of them."""

import copy
import dataclasses
from collections.abc import Mapping, Sequence
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
    return broken(recorded(seed.stack), [seed])


def broken(original: Recorder, seeds: Sequence[Seed]) -> Recorder:
    """Return a copy of a recording with what the seeds edit, remove and add."""
    found = copy.copy(original)
    removed = {name for seed in seeds for name in seed.removed}
    kept = [each for each in original.registrations if each.name not in removed]
    added = [_new(each, original) for seed in seeds for each in seed.added]
    found.registrations = [_edited(each, seeds) for each in kept] + added
    return found


def seeded_config(seed: Seed) -> dict[str, Any]:
    """Return what the stack file has below `config:`, with the seed's settings."""
    return as_config(sections(seed.stack, dict(seed.settings)))


def violations(rule: Rule, stack: Stack, bounds: Mapping[str, Any]) -> list[Violation]:
    """Return what a rule says of all resources of a stack."""
    if isinstance(rule, ResourceRule):
        return [found for resource in stack.resources for found in rule.violations(resource, bounds)]
    return rule.violations(stack, bounds)


def _edited(found: Registration, seeds: Sequence[Seed]) -> Registration:
    edits = [seed.edits[found.name] for seed in seeds if found.name in seed.edits]
    if not edits or not found.custom:
        return found
    inputs = copy.deepcopy(found.inputs)
    for edit in edits:
        edit(inputs)
    return dataclasses.replace(found, inputs=inputs)


def _new(added: Added, recorder: Recorder) -> Registration:
    like = recorder.one(added.like)
    urn = like.urn.replace(like.type, added.type).replace(f"::{like.name}", f"::{added.name}")
    return dataclasses.replace(
        like, urn=urn, type=added.type, name=added.name, inputs=added.inputs, property_dependencies={}
    )
