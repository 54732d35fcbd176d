"""Seeded misconfigurations, through the real engine with the pack: each is refused by the rule meant for it.

A seed changes the program's settings, or its resources on their way to the engine. Seeds that do not disturb each
other share a preview.
"""

from collections.abc import Callable
from functools import cache

import pytest

from lab.engine.run import EngineError
from lab.target.target import Target
from tests.seeds.all_seeds import all_seeds
from tests.seeds.seed import Seed
from tests.simulated.seeded_engine import SeededEngine, Seeding
from tests.support.lab_fixtures import absent
from tests.support.live import LiveStack
from tests.support.seed_groups import all_groups
from tests.support.stacks import STACKS

pytestmark = pytest.mark.simulated

# A rule for one resource refuses this one, before the engine changes it.
_AT_ONCE = "a container may gain privileges"
_QUERIER = "tempo-querier"
Seedings = Callable[[str], dict[str, Seeding]]


@pytest.fixture(scope="session")
def first(lab: Target) -> Seedings:
    """What the first preview of a stack says, by the name of the seed that was planted into it."""
    if not lab.simulated:
        absent("The running lab is the dojo's: `make up STACK=prod TARGET=simulated` starts the simulated one.")

    @cache
    def previews(stack: str) -> dict[str, Seeding]:
        seeded = [(group, _first_preview(lab, stack, group)) for group in all_groups(stack)]
        return {seed.name: said for group, said in seeded for seed in group}

    return previews


@pytest.mark.first_preview
@pytest.mark.parametrize("stack", STACKS)
def test_the_first_preview_of_a_committed_stack_has_no_finding(lab: Target, stack: str) -> None:
    """Not even advice: a finding that everybody knows hides the next one."""
    said = _first_preview(lab, stack, [])
    assert (said.findings, said.errors) == ((), ())


@pytest.mark.first_preview
@pytest.mark.parametrize("seed", all_seeds(), ids=lambda seed: seed.name.replace(" ", "-"))
def test_the_first_preview_refuses_a_seed(first: Seedings, seed: Seed) -> None:
    """Much is unknown then, which neither hides a violation nor turns a mandatory rule into advice."""
    said = first(seed.stack)[seed.name]
    assert said.failed.get(seed.name) is None
    assert said.errors == ()
    assert said.refuses(seed), [found for found in said.findings if found.rule == seed.rule]


def test_the_preview_of_the_deployed_stack_has_no_finding(stack: LiveStack) -> None:
    """Every value is known then."""
    said = SeededEngine.with_seeds(stack.engine(), []).seeding()
    assert (said.findings, said.errors) == ((), ())


@pytest.mark.parametrize("deployed", ["prod"], indirect=True, scope="session")
def test_an_update_without_a_preview_stops_before_it_changes_what_a_rule_refuses(stack: LiveStack) -> None:
    seed = next(each for each in all_seeds() if each.name == _AT_ONCE)
    before = stack.apps.read_namespaced_deployment(_QUERIER, stack.namespace).metadata
    stack.forget()
    with pytest.raises(EngineError):
        SeededEngine.with_seeds(stack.engine(), [seed]).up_without_preview()
    after = stack.apps.read_namespaced_deployment(_QUERIER, stack.namespace).metadata
    assert before is not None
    assert after is not None
    assert after.generation == before.generation


def _first_preview(lab: Target, stack: str, seeds: list[Seed]) -> Seeding:
    engine = SeededEngine.with_seeds(lab.engine(stack), seeds)
    assert not engine.has_state, "these tests run before any stack is deployed"
    return engine.seeding()
