"""Seeds share previews without hiding each other."""

import dataclasses
from typing import Any

import pytest

from tests.seeds.all_seeds import all_seeds
from tests.seeds.seed import Seed, put
from tests.support.seed_groups import all_groups, groups, overlay, refused_together
from tests.support.stacks import STACKS

_ESCALATION = "spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation"


def escalating(name: str, **changes: Any) -> Seed:
    """Return a seed that lets a querier gain privileges, with fields changed."""
    seed = next(each for each in all_seeds() if each.name == "a container may gain privileges")
    return dataclasses.replace(seed, name=name, **changes)


@pytest.mark.parametrize("stack", STACKS)
def test_every_seed_is_refused_in_one_group(stack: str) -> None:
    found = all_groups(stack)
    assert sorted(seed.name for group in found for seed in group) == sorted(
        seed.name for seed in all_seeds() if seed.stack == stack
    )
    for group in found:
        assert refused_together(stack, group) == group


def test_seeds_that_undo_each_other_do_not_share_a_group() -> None:
    broken = escalating("broken")
    repaired = escalating("repaired", edits={broken.resource: put(_ESCALATION, value=False)})
    assert groups("prod", [broken, repaired]) == [[broken], [repaired]]


def test_seeds_of_one_setting_do_not_share_a_group() -> None:
    one = escalating("one", edits={}, settings={"retention.detailed_hours": 24})
    other = escalating("other", edits={}, settings={"retention.detailed_hours": 48})
    assert [len(group) for group in groups("prod", [one, other])] == [1, 1]


def test_settings_that_the_stack_refuses_together_do_not_share_a_group() -> None:
    """Prod's window for searches is as long as its last tier."""
    one = escalating("one", edits={}, settings={"retention.long_term_hours": 1440})
    other = escalating("other", edits={}, settings={"tempo.search_window_hours": 1440})
    assert [len(group) for group in groups("prod", [one, other])] == [1, 1]


def test_settings_become_an_overlay_of_the_stack_file() -> None:
    one = escalating("one", edits={}, settings={"retention.detailed_hours": 24})
    other = escalating("other", edits={}, settings={"object_store.aws.identity": "irsa"})
    assert overlay([one, other]) == {
        "fawkes-tracing:retention": {"detailed_hours": 24},
        "fawkes-tracing:object_store": {"aws": {"identity": "irsa"}},
    }
