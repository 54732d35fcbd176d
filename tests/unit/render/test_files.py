"""What holds for all rendered texts together: the committed ones, and those of a thousand random stacks."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from plan.limits import checked_plan
from plan.plan import make_plan
from render.collectors.scrubbing import SECRET_VALUES
from render.files import Rendered, render
from settings.loader import parse, sections_of
from settings.problems import SettingsError
from settings.stack import StackSettings
from tests.support.stacks import SENTENCE, settings_of
from tests.support.strategies import KINDS, stack_files, valid_settings

# Names under which products take secrets in their configuration.
SECRET_NAMES = re.compile(r"(secret|password|passwd|token|access_key|private_key|credential)", re.IGNORECASE)


def documents(rendered: Rendered) -> Iterator[Any]:
    """Yield every rendered text as data."""
    for text in (rendered.tempo, rendered.tempo_overrides, rendered.agent, rendered.gateway):
        if text:
            yield yaml.load(text, yaml.CSafeLoader)
    for name, text in rendered.bucket_setup.items():
        if name.endswith(".json"):
            yield json.loads(text)


def keys(value: object) -> Iterator[str]:
    """Yield every key of nested data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


@given(stack=valid_settings())
def test_no_rendered_text_has_a_place_for_a_secret(stack: StackSettings) -> None:
    rendered = render(stack, make_plan(stack))
    found = {key for document in documents(rendered) for key in keys(document) if SECRET_NAMES.search(key)}
    assert found == set()


@given(stack=valid_settings())
def test_no_rendered_text_holds_what_looks_like_a_secret(stack: StackSettings) -> None:
    rendered = render(stack, make_plan(stack))
    # The gateway's own text lists what secrets look like.
    for text in (rendered.tempo, rendered.agent, *rendered.bucket_setup.values()):
        assert [pattern for pattern in SECRET_VALUES if re.search(pattern, text)] == []


@given(stack=valid_settings())
def test_the_same_settings_give_the_same_bytes(stack: StackSettings) -> None:
    again = parse(json.loads(stack.model_dump_json()))
    assert render(stack, make_plan(stack)) == render(again, make_plan(again))


# How many of a thousand files are of each kind: whole ones cost most, damaged ones differ most.
AMOUNTS = {"whole": 120, "with foreign keys": 60, "damaged": 450, "unrelated settings": 370}


@pytest.mark.parametrize("kind", KINDS)
def test_a_random_stack_file_is_refused_in_sentences_or_rendered_whole(kind: str) -> None:
    """The gate of the product: a thousand files of four kinds, never a traceback."""
    verdicts = {"refused": 0, "rendered": 0}

    @settings(max_examples=AMOUNTS[kind], suppress_health_check=[HealthCheck.too_slow])
    @given(config=stack_files((kind,)))
    def judge(config: dict[str, Any]) -> None:
        verdicts[verdict(config)] += 1

    judge()
    assert sum(verdicts.values()) >= AMOUNTS[kind]
    # Whole files are never refused, and most of the broken ones are: else the gate tests nothing.
    assert (verdicts["refused"] == 0) is (kind in ("whole", "with foreign keys"))


def verdict(config: dict[str, Any]) -> str:
    """Return what the product does with a stack file, after a look at how it does it."""
    try:
        stack = parse(sections_of(config))
        rendered = render(stack, checked_plan(stack))
    except SettingsError as refusal:
        lines = str(refusal).split("\n")
        assert [line for line in lines if not re.match(SENTENCE, line)] == []
        return "refused"
    assert all(isinstance(document, dict) for document in documents(rendered))
    return "rendered"


def test_a_thousand_random_stack_files_are_judged() -> None:
    assert sum(AMOUNTS.values()) == 1000
    assert set(AMOUNTS) == set(KINDS)


def test_the_dojo_renders_every_text() -> None:
    stack = settings_of("dojo")
    rendered = render(stack, make_plan(stack))
    assert sorted(rendered.bucket_setup) == ["lifecycle.json", "policy.json", "setup.sh"]
    assert all(len(text) > 500 for text in (rendered.tempo, rendered.agent, rendered.gateway))
