"""Seeds that can be planted into one stack together, so that few previews show all of them refused."""

import copy
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from plan.limits import checked_plan
from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from policies.resources import Stack
from policies.rule import Violation
from review.recorded import recorded_stack
from settings.loader import parse
from settings.problems import SettingsError
from snapshot.program import record_program
from tests.seeds.all_seeds import all_seeds
from tests.seeds.seed import Seed
from tests.support.programs import recorded
from tests.support.seeded import broken, violations
from tests.support.stacks import as_config, config_of, sections

_RULES = {rule.name: rule for rule in all_rules()}


def groups(stack: str, seeds: Sequence[Seed]) -> list[list[Seed]]:
    """Return a stack's seeds in as few groups as possible, in each of which every seed is still refused.

    Seeds of the settings come in groups of their own: such a preview runs the program with these settings. A seed
    that is not refused even alone is in a group alone, for the test to report.
    """
    of_stack = [seed for seed in seeds if seed.stack == stack]
    of_settings = [seed for seed in of_stack if seed.settings]
    others = [seed for seed in of_stack if not seed.settings]
    return [*_grouped(stack, of_settings), *_grouped(stack, others)]


@cache
def all_groups(stack: str) -> list[list[Seed]]:
    """Return the groups of all seeds of a stack."""
    return groups(stack, all_seeds())


def overlay(seeds: Iterable[Seed]) -> dict[str, Any]:
    """Return the settings that the seeds change, below `config:`, to be merged into a committed stack file."""
    changed: dict[str, Any] = {}
    for path, value in _settings(seeds).items():
        *parents, name = path.split(".")
        section = changed
        for parent in parents:
            section = section.setdefault(parent, {})
        section[name] = copy.deepcopy(value)
    return as_config(changed)


def refused_together(stack: str, seeds: Sequence[Seed]) -> list[Seed]:
    """Return those of the seeds that are refused, with all of them in the recorded stack."""
    found = planted(stack, seeds)
    return [seed for seed in seeds if is_refused(seed, found)]


def is_refused(seed: Seed, stack: Stack) -> bool:
    """Return whether a seed's rule says its sentence of its resource."""
    return any(
        seed.says in found.sentence and (found.resource.name if found.resource else "") == seed.resource
        for found in said_of(seed, stack)
    )


def said_of(seed: Seed, stack: Stack) -> list[Violation]:
    """Return all that a seed's rule says of a stack, with the bounds of the seed's environment."""
    rule = _RULES[seed.rule]
    return violations(rule, stack, configured(rule, read_configuration(seed.stack)).bounds)


def _grouped(stack: str, seeds: Sequence[Seed]) -> list[list[Seed]]:
    waiting, found = list(seeds), []
    while waiting:
        together = _compatible(stack, waiting)
        group = refused_together(stack, together) or [waiting[0]]
        found.append(group)
        waiting = [seed for seed in waiting if seed not in group]
    return found


def _compatible(stack: str, seeds: Sequence[Seed]) -> list[Seed]:
    """Return seeds whose settings are accepted together and do not set the same twice, from the first on."""
    taken: list[Seed] = []
    for seed in seeds:
        before, now = _settings(taken), dict(seed.settings)
        nested = any(_nested(one, other) for one in before for other in now)
        if not now or (not nested and _accepted(stack, {**before, **now})):
            taken.append(seed)
    return taken


def _accepted(stack: str, changes: dict[str, Any]) -> bool:
    try:
        checked_plan(parse(sections(stack, changes)))
    except (SettingsError, KeyError):
        return False
    return True


def _nested(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _settings(seeds: Iterable[Seed]) -> dict[str, Any]:
    return {path: value for seed in seeds for path, value in seed.settings.items()}


def planted(stack: str, seeds: Sequence[Seed]) -> Stack:
    """Return the recorded stack with all the seeds in it."""
    changes = _settings(seeds)
    config = as_config(sections(stack, changes))
    recorder = record_program(config, stack) if changes else recorded(stack)
    return recorded_stack(broken(recorder, seeds), config_of(stack) | config)
