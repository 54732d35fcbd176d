"""Every rule of the pack: the `RULE` of each module below `policies/rules`."""

import importlib
import pkgutil
from functools import cache

from policies import rules
from policies.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return the rules in the order of their names; AssertionError if two have the same."""
    modules = [found.name for found in pkgutil.walk_packages(rules.__path__, "policies.rules.") if not found.ispkg]
    found = [importlib.import_module(name).RULE for name in modules]
    by_name = {rule.name: rule for rule in found}
    assert len(by_name) == len(found), "two rules have the same name"  # noqa: S101 - an author's mistake
    return tuple(by_name[name] for name in sorted(by_name))
