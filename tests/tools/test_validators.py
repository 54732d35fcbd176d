"""What the real collector and the real Tempo say to the rendered texts."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from plan.limits import checked_plan
from settings.loader import parse, sections_of
from settings.problems import SettingsError
from tests.support import tools
from tests.support.stacks import STACKS, settings_of
from tests.support.strategies import stack_files
from tests.support.tools import Validator

pytestmark = pytest.mark.tools

VALIDATORS: dict[str, Callable[[], Validator]] = {"collector": tools.collector, "tempo": tools.tempo}


@pytest.fixture(params=VALIDATORS)
def judged_by(request: pytest.FixtureRequest) -> str:
    """Name each of the validators in turn."""
    return str(request.param)


@pytest.fixture
def validator(judged_by: str) -> Validator:
    return VALIDATORS[judged_by]()


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Give a way to print at once: a long test must not look dead."""

    def say_now(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", end="", flush=True)

    return say_now


def committed(stack: str, judged_by: str) -> list[str]:
    """Return the texts of a committed stack for a validator."""
    stack_settings = settings_of(stack)
    return tools.texts_of(stack_settings, checked_plan(stack_settings))[judged_by]


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stacks_texts_are_accepted(stack: str, judged_by: str, validator: Validator) -> None:
    assert [validator.refusal(text) for text in committed(stack, judged_by)] == [None] * len(
        committed(stack, judged_by)
    )


@pytest.mark.parametrize("stack", STACKS)
def test_a_misspelled_key_is_refused_so_the_acceptance_means_something(
    stack: str, judged_by: str, validator: Validator
) -> None:
    for text in committed(stack, judged_by):
        for misspelled in misspellings(yaml.safe_load(text)):
            refusal = validator.refusal(yaml.safe_dump(misspelled))
            assert refusal is not None, misspelled
            assert "misspelled" in refusal


def misspellings(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the configuration with an unknown key at its root, and in its first section's first part."""
    yield config | {"misspelled": 1}
    section = next(name for name, value in config.items() if isinstance(value, dict))
    yield config | {section: config[section] | {"misspelled": {"x": 1}}}


@functools.cache
def texts_of_a_thousand_random_stack_files() -> dict[str, set[str]]:
    """Return what is rendered from those that are accepted, by validator; drawn once for both."""
    texts: dict[str, set[str]] = {name: set() for name in VALIDATORS}

    @settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
    @given(config=stack_files())
    def collect(config: dict[str, Any]) -> None:
        try:
            stack_settings = parse(sections_of(config))
            plan = checked_plan(stack_settings)
        except SettingsError:
            return
        for name, rendered in tools.texts_of(stack_settings, plan).items():
            texts[name].update(rendered)

    collect()
    return texts


def test_what_the_product_accepts_the_products_accept(
    judged_by: str, validator: Validator, say: Callable[[str], None]
) -> None:
    say("drawing and rendering 1 000 random stack files")
    texts = texts_of_a_thousand_random_stack_files()[judged_by]
    assert len(texts) > 100
    refusals = validator.refusals(sorted(texts), say)
    assert list(refusals.items())[:3] == []
