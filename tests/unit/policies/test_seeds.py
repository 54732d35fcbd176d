"""Every seeded misconfiguration is refused by the rule that it is meant for."""

import pytest

from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from tests.seeds.all_seeds import all_seeds
from tests.seeds.seed import Seed
from tests.support.seed_groups import is_refused, said_of
from tests.support.seeded import seeded

_RULES = {rule.name: rule for rule in all_rules()}


@pytest.mark.parametrize("seed", all_seeds(), ids=lambda seed: seed.name.replace(" ", "-"))
def test_a_seed_is_refused_by_its_rule(seed: Seed) -> None:
    assert configured(_RULES[seed.rule], read_configuration(seed.stack)).level == "mandatory"
    broken = seeded(seed)
    assert is_refused(seed, broken), [
        (one.resource and one.resource.name, one.sentence) for one in said_of(seed, broken)
    ]
