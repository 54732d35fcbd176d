"""Every seeded misconfiguration is refused by the rule that it is meant for."""

import pytest

from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from tests.seeds.all_seeds import all_seeds
from tests.seeds.seed import Seed
from tests.support.seed_groups import is_refused, said_of
from tests.support.seed_table import PAGE, row
from tests.support.seeded import seeded
from tests.support.stacks import STACKS

_PAGE = PAGE.read_text(encoding="utf-8").splitlines()
_RULES = {rule.name: rule for rule in all_rules()}


@pytest.mark.parametrize("seed", all_seeds(), ids=lambda seed: seed.name.replace(" ", "-"))
def test_a_seed_is_refused_by_its_rule(seed: Seed) -> None:
    assert configured(_RULES[seed.rule], read_configuration(seed.stack)).level == "mandatory"
    broken = seeded(seed)
    assert is_refused(seed, broken), [
        (one.resource and one.resource.name, one.sentence) for one in said_of(seed, broken)
    ]
    assert row(seed, broken) in _PAGE, "run make golden"


def test_the_document_has_these_seeds_alone() -> None:
    rows = [line for line in _PAGE if line.startswith("| ") and "](policies.md#" in line]
    assert len(rows) == len(all_seeds()), "run make golden"


def test_every_rule_has_a_seed() -> None:
    """Otherwise nobody has seen it refuse a change of a real stack."""
    disabled = {
        rule.name
        for rule in all_rules()
        if all(configured(rule, read_configuration(stack)).level == "disabled" for stack in STACKS)
    }
    assert {rule.name for rule in all_rules()} - {seed.rule for seed in all_seeds()} - disabled == set()
