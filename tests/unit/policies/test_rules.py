"""Every rule on its cases and on the committed stacks."""

import importlib
import pkgutil
from typing import Any

import pytest

from policies import rules
from policies.catalogue import all_rules
from policies.configuration import configured, read_configuration
from policies.rule import Rule
from review.recorded import recorded_stack
from tests import policy_cases
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import said
from tests.support.programs import recorded
from tests.support.seeded import violations
from tests.support.stacks import STACKS, config_of


def _modules(package: Any) -> dict[str, Any]:
    """Return the modules below a package by their path in it."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return {
        each.name.removeprefix(f"{package.__name__}."): importlib.import_module(each.name)
        for each in found
        if not each.ispkg
    }


RULES = {path: module.RULE for path, module in _modules(rules).items()}
CASES: dict[str, Cases] = {path: module.CASES for path, module in _modules(policy_cases).items()}
EACH = [
    pytest.param(RULES.get(path), case, id=f"{path}-{name}")
    for path, found in CASES.items()
    for name, case in found.all().items()
]


def test_every_rule_has_cases_in_a_file_of_the_same_name() -> None:
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize(("rule", "case"), EACH)
def test_a_rule_says_what_its_case_expects(rule: Rule, case: Case) -> None:
    sentences = [found.sentence for found in said(rule, case.resources, case.config, case.stack_config)]
    assert len(sentences) == len(case.says), sentences
    for expected in case.says:
        assert any(expected in sentence for sentence in sentences), sentences


@pytest.mark.parametrize(("rule", "case"), EACH)
def test_whatever_a_rule_says_is_mandatory(rule: Rule, case: Case) -> None:
    """The SDK turns a rule that reads an unknown value into advice."""
    assert all(found.mandatory for found in said(rule, case.resources, case.config, case.stack_config))


@pytest.mark.parametrize("path", CASES)
def test_the_case_to_refuse_is_refused(path: str) -> None:
    assert CASES[path].fails.says


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_the_committed_stacks_meet_every_rule(rule: Rule, stack: str) -> None:
    found = recorded_stack(recorded(stack), config_of(stack))
    setting = configured(rule, read_configuration(stack))
    # The engine does not run a disabled rule; why it is disabled stands in the file.
    found_by_it = [] if setting.level == "disabled" else violations(rule, found, setting.bounds)
    assert [(one.resource and one.resource.name, one.sentence) for one in found_by_it] == []
