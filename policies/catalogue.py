"""Every rule of the pack: the `RULE` of each module below `policies/rules`."""

import importlib
import pkgutil
from functools import cache

from policies import rules
from policies.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return the rules in the order of their names; AssertionError if two have the same."""
    found = [rule for rules_of_family in families().values() for rule in rules_of_family]
    by_name = {rule.name: rule for rule in found}
    assert len(by_name) == len(found), "two rules have the same name"  # noqa: S101 - an author's mistake
    return tuple(by_name[name] for name in sorted(by_name))


@cache
def families() -> dict[str, tuple[Rule, ...]]:
    """Return the rules by the folder that they are in, both in the order of their names."""
    found: dict[str, list[Rule]] = {}
    for module in pkgutil.walk_packages(rules.__path__, "policies.rules."):
        if not module.ispkg:
            family = module.name.split(".")[-2]
            found.setdefault(family, []).append(importlib.import_module(module.name).RULE)
    return {family: tuple(sorted(found[family], key=lambda rule: rule.name)) for family in sorted(found)}
