"""What every rule says of itself, and what the files of levels and bounds may say of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
import pytest
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel
from pulumi_policy.policy import _PolicyAnalyzerServicer

from policies.catalogue import all_rules
from policies.configuration import ALL, LEVEL, LEVELS, configured, read_configuration
from policies.controls import Control, read_controls, rules_for
from policies.pack import PAGE, as_policy
from policies.pages import POLICIES, STACKS, pages
from policies.rule import Rule
from settings.project import REPO
from tests.seeds.all_seeds import all_seeds
from tests.support import seed_table
from tests.support.checkov_record import recorded_findings
from tests.support.stacks import STACKS as COMMITTED

_REASONS = "reasons"
rules = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
stacks = pytest.mark.parametrize("stack", STACKS)


def problems(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a file of levels and bounds; the engine accepts misspelt names in silence."""
    by_name = {rule.name: rule for rule in all_rules()}
    if content.get(ALL) not in LEVELS:
        yield f"{ALL}: not a level"
    for name, entry in content.items():
        if name == ALL:
            continue
        if name not in by_name or not isinstance(entry, dict):
            yield f"{name}: not a rule" if name not in by_name else f"{name}: a level alone has no reason"
            continue
        given = set(entry) - {_REASONS}
        yield from (f"{name}.{key}: no bound" for key in given - {*by_name[name].bounds.model_fields, LEVEL})
        yield from (f"{name}.{key}: no reason" for key in given - set(entry.get(_REASONS, {})))
        yield from (f"{name}.{key}: a reason without a value" for key in set(entry.get(_REASONS, {})) - given)
        if entry.get(LEVEL, "mandatory") not in LEVELS:
            yield f"{name}.{LEVEL}: not a level"


@rules
def test_a_rule_says_what_it_promises_and_how_to_repair_a_violation(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name), "the name is <what>-<verb>-<detail>, in lower case"
    for sentence in (rule.promise, rule.to_do):
        assert re.fullmatch(r"[A-Z`].*\.", sentence), sentence


@rules
def test_a_rule_names_known_controls_or_is_one_that_no_catalogue_asks_for(rule: Rule) -> None:
    controls = read_controls()
    known = {control.id for control in controls.controls if control.by_rules}
    assert set(rule.controls) <= known, "add it to policies/controls.toml, by_rules = true"
    assert bool(rule.controls) is not (rule.name in controls.uncatalogued), (
        "a rule has controls, or a reason why not"
    )


@rules
def test_a_violation_links_to_the_rule_in_the_documents(rule: Rule) -> None:
    assert as_policy(rule).url == f"{PAGE}#{rule.name}"
    assert POLICIES == REPO / PAGE
    assert f"\n### {rule.name}\n" in POLICIES.read_text(encoding="utf-8")


@rules
def test_a_bound_has_a_description_and_a_default_that_the_engine_fills_in(rule: Rule) -> None:
    for name, field in rule.bounds.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


def test_the_engine_gets_a_complete_description_of_every_rule() -> None:
    servicer: Any = _PolicyAnalyzerServicer(
        "pack", "1.0.0", [as_policy(rule) for rule in all_rules()], EnforcementLevel.MANDATORY
    )
    info: proto.AnalyzerInfo = servicer.GetAnalyzerInfo(None, None)
    assert [found.name for found in info.policies] == [rule.name for rule in all_rules()]
    for found in info.policies:
        assert found.description
        assert found.remediation_steps
        assert found.severity
        assert found.url
        # A reference to another part of the schema would lead nowhere: the engine gets the properties alone.
        assert "$ref" not in str(found.configSchema.properties)


@pytest.mark.parametrize("control", read_controls().controls, ids=lambda control: control.id)
def test_a_control_that_rules_meet_is_named_by_one(control: Control) -> None:
    assert bool(rules_for(control.id, all_rules())) is control.by_rules


def test_every_control_belongs_to_a_catalogue_and_is_there_once() -> None:
    found = read_controls()
    listed = [control.id for catalogue in found.catalogues for control in found.of(catalogue)]
    assert sorted(listed) == sorted(control.id for control in found.controls)
    assert len(set(listed)) == len(listed)


def test_only_rules_without_controls_say_why() -> None:
    assert set(read_controls().uncatalogued) <= {rule.name for rule in all_rules()}


def test_every_committed_stack_has_levels_and_bounds() -> None:
    assert set(STACKS) == set(COMMITTED)


@stacks
def test_a_file_names_rules_and_bounds_that_exist_and_gives_each_value_a_reason(stack: str) -> None:
    assert list(problems(read_configuration(stack))) == []


@stacks
@rules
def test_the_bounds_of_a_stack_are_valid(rule: Rule, stack: str) -> None:
    """By the rule's model, and by the schema that the engine checks before it runs anything."""
    found = configured(rule, read_configuration(stack))
    rule.bounds.model_validate(found.bounds)
    jsonschema.validate(found.bounds, {"properties": rule.bounds.model_json_schema()["properties"]})


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({}, "all: not a level"),
        ({ALL: "mandatory", "no-such-rule": {}}, "no-such-rule: not a rule"),
        (
            {ALL: "mandatory", all_rules()[0].name: "disabled"},
            f"{all_rules()[0].name}: a level alone has no reason",
        ),
        (
            {ALL: "mandatory", all_rules()[0].name: {LEVEL: "disabled"}},
            f"{all_rules()[0].name}.{LEVEL}: no reason",
        ),
        (
            {ALL: "mandatory", all_rules()[0].name: {"misspelt": 1, _REASONS: {"misspelt": "x"}}},
            "misspelt: no bound",
        ),
        ({ALL: "mandatory", all_rules()[0].name: {_REASONS: {"old": "x"}}}, "old: a reason without a value"),
        (
            {ALL: "mandatory", all_rules()[0].name: {LEVEL: "strict", _REASONS: {LEVEL: "x"}}},
            f"{LEVEL}: not a level",
        ),
    ],
)
def test_a_wrong_file_of_levels_and_bounds_is_noticed(content: dict[str, Any], problem: str) -> None:
    assert any(found.endswith(problem) for found in problems(content))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_generated_page_is_current(page: Any) -> None:
    assert page.read_text(encoding="utf-8") == pages()[page], "run make golden"


def test_the_document_of_the_seeds_compares_them_with_checkov() -> None:
    """Its rows are compared where each seed is tried."""
    text = seed_table.PAGE.read_text(encoding="utf-8")
    assert "\n".join(seed_table.side_by_side()) in text, "run make golden"


def test_the_comparison_with_checkov_is_about_the_present_seeds() -> None:
    advice = "run python -m tests.support.checkov_record, then make golden"
    assert recorded_findings().keys() == {seed.name for seed in all_seeds()}, advice
