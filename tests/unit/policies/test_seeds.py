"""Every seeded misconfiguration is refused by the rule that it is meant for."""

import pytest

from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from tests.seeds.all_seeds import all_seeds
from tests.seeds.seed import Seed
from tests.support.seeded import seeded, violations

_RULES = {rule.name: rule for rule in all_rules()}


@pytest.mark.parametrize("seed", all_seeds(), ids=lambda seed: seed.name.replace(" ", "-"))
def test_a_seed_is_refused_by_its_rule(seed: Seed) -> None:
    rule = _RULES[seed.rule]
    setting = configured(rule, read_configuration(seed.stack))
    assert setting.level == "mandatory"
    found = violations(rule, seeded(seed), setting.bounds)
    blamed = [(one.resource.name if one.resource else "", one.sentence) for one in found]
    assert any(name == seed.resource and seed.says in sentence for name, sentence in blamed), blamed
