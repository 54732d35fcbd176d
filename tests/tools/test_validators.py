"""The validators of the real collector and the real Tempo accept the rendered config."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from plan.limits import checked_plan
from plan.tempo.majors import MAJORS
from render.text import to_yaml
from settings.loader import parse, sections_of
from settings.problems import SettingsError
from settings.stack import StackSettings
from tests.support import tools
from tests.support.stacks import STACKS, settings_of
from tests.support.strategies import stack_files
from tests.support.tempo_configs import of_3, settings_of_major
from tests.support.tools import Validator
from tests.support.validated import VALIDATED

pytestmark = pytest.mark.tools

VALIDATORS: dict[str, Callable[[], list[Validator]]] = {
    "collector": tools.collector_validators,
    "tempo": tools.tempo_validators,
}
PRODUCTS = {"collector": (tools.COLLECTORS,), "tempo": tuple(map(tools.product_of, MAJORS))}


@pytest.fixture(params=VALIDATORS)
def validated_by(request: pytest.FixtureRequest) -> str:
    """The name of each validating program in turn."""
    return str(request.param)


@pytest.fixture
def validators(validated_by: str, record_property: Callable[[str, object], None]) -> list[Validator]:
    """Return the validators, and record them for the report at the end of the run."""
    found = VALIDATORS[validated_by]()
    for product in PRODUCTS[validated_by]:
        programs = [validator.description for validator in found if validator.product == product]
        for program in programs or ["nothing: none is available"]:
            record_property(VALIDATED, f"config for {product} by {program}")
    return found


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Return a function that prints at once: a long test must not look hung."""

    def report_now(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", end="", flush=True)

    return report_now


def committed(stack: str, product: str) -> list[str]:
    """Return a committed stack's configs for a product; for another Tempo, as if it ran that version."""
    stack_settings = settings_of(stack)
    if product == tools.product_of(3):
        kafka = stack_settings.tempo.deployment_mode == "microservices"
        stack_settings = settings_of(stack, of_3(kafka=kafka))
    configs = tools.configs_of(stack_settings, checked_plan(stack_settings))[product]
    assert configs, f"{stack} has no config for {product}"
    return configs


def misspellings(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the configuration with an unknown key at its root, then with one in its first section."""
    yield config | {"misspelled": 1}
    section = next(name for name, value in config.items() if isinstance(value, dict))
    yield config | {section: config[section] | {"misspelled": {"x": 1}}}


@functools.cache
def configs_of_a_thousand_random_stack_files() -> dict[str, set[str]]:
    """Return the configs of the accepted ones by product; they are drawn once for all tests."""
    configs: dict[str, set[str]] = defaultdict(set)

    @settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
    @given(config=stack_files())
    def collect(config: dict[str, Any]) -> None:
        try:
            stack_settings = parse(sections_of(config))
            plan = checked_plan(stack_settings)
        except SettingsError:
            return
        for product, rendered in tools.configs_of(stack_settings, plan).items():
            configs[product].update(rendered)

    collect()
    return configs


@functools.cache
def configs_of_random_stacks_with_tempo(major: int) -> set[str]:
    """Return the configs for a major version of Tempo, of which a thousand stack files have only a few."""
    configs: set[str] = set()

    @settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
    @given(stack=settings_of_major(major))
    def collect(stack: StackSettings) -> None:
        with suppress(SettingsError):
            configs.update(tools.configs_of(stack, checked_plan(stack))[tools.product_of(major)])

    collect()
    return configs


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stacks_texts_are_accepted(stack: str, validators: list[Validator]) -> None:
    refusals = {
        validator.description: refusal
        for validator in validators
        for config in committed(stack, validator.product)
        if (refusal := validator.refusal(config)) is not None
    }
    assert refusals == {}


@pytest.mark.parametrize("stack", STACKS)
def test_a_misspelled_key_is_refused_so_the_acceptance_means_something(
    stack: str, validators: list[Validator]
) -> None:
    for validator in validators:
        for config in committed(stack, validator.product):
            for misspelled in misspellings(yaml.safe_load(config)):
                refusal = validator.refusal(to_yaml(misspelled))
                assert refusal is not None, (validator.description, misspelled)
                assert "misspelled" in refusal


# 1 500 starts of a validator take 2 minutes on two idle cores, and several times that beside compilers.
@pytest.mark.timeout(1800)
def test_what_the_product_accepts_the_products_accept(
    validators: list[Validator], report: Callable[[str], None]
) -> None:
    """Otherwise an accepted stack file could deploy a server that refuses to start."""
    report("drawing and rendering 1 000 random stack files")
    for validator in validators:
        configs = configs_of_a_thousand_random_stack_files()[validator.product]
        for major in (2, 3):
            if validator.product == tools.product_of(major):
                configs = configs | configs_of_random_stacks_with_tempo(major)
        assert len(configs) > 100
        refusals = validator.refusals(sorted(configs), report)
        assert list(refusals.items())[:3] == []
