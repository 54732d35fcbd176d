"""Properties of all rendered files together: of the committed stacks, and of a thousand random ones."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from plan.limits import checked_plan
from plan.plan import make_plan
from render.collectors.scrubbing.tokens import TOKENS
from render.files import Rendered, render
from settings.loader import parse, sections_of
from settings.problems import SettingsError
from settings.stack import StackSettings
from tests.support.stacks import SENTENCE, settings_of
from tests.support.strategies import KINDS, stack_files, valid_settings

# Names under which products take secrets in their configuration.
SECRET_NAMES = re.compile(r"(secret|password|passwd|token|access_key|private_key|credential)", re.IGNORECASE)


def documents(rendered: Rendered) -> Iterator[Any]:
    """Yield every rendered YAML or JSON file as data."""
    for name, text in rendered.files().items():
        if name.endswith(".json"):
            yield json.loads(text)
        elif name.endswith(".yaml"):
            yield yaml.load(text, yaml.CSafeLoader)


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
    # The processor that masks tokens, by its id.
    assert found <= {"redaction/tokens"}


@given(stack=valid_settings())
def test_no_rendered_text_holds_what_looks_like_a_secret(stack: StackSettings) -> None:
    rendered = render(stack, make_plan(stack))
    for name, text in rendered.files().items():
        # The gateway's file contains the patterns themselves.
        if name == "collector-gateway.yaml":
            continue
        assert [pattern for pattern in TOKENS[1:] if re.search(pattern, text)] == []


@given(stack=valid_settings())
def test_the_same_settings_give_the_same_bytes(stack: StackSettings) -> None:
    again = parse(json.loads(stack.model_dump_json()))
    assert render(stack, make_plan(stack)) == render(again, make_plan(again))


# How many of a thousand files are of each kind: whole ones cost most, damaged ones differ most.
AMOUNTS = {"whole": 120, "with foreign keys": 60, "damaged": 450, "unrelated settings": 370}


@pytest.mark.parametrize("kind", KINDS)
def test_a_random_stack_file_is_refused_in_sentences_or_rendered_whole(kind: str) -> None:
    """A thousand files of four kinds never give a traceback."""
    verdicts = {"refused": 0, "rendered": 0}

    @settings(max_examples=AMOUNTS[kind], suppress_health_check=[HealthCheck.too_slow])
    @given(config=stack_files((kind,)))
    def check(config: dict[str, Any]) -> None:
        verdicts[verdict(config)] += 1

    check()
    assert sum(verdicts.values()) >= AMOUNTS[kind]
    # Whole files are never refused, and most of the broken ones are; otherwise this tests nothing.
    assert (verdicts["refused"] == 0) is (kind in ("whole", "with foreign keys"))


def verdict(config: dict[str, Any]) -> str:
    """Return whether the product refuses or renders a stack file; check its sentences or documents."""
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


@pytest.mark.parametrize(("stack", "further"), [("dojo", {"setup.sh", "policy.json"}), ("prod", set())])
def test_every_rendered_file_is_listed(stack: str, further: set[str]) -> None:
    stack_settings = settings_of(stack)
    files = render(stack_settings, make_plan(stack_settings)).files()
    always = {"tempo.yaml", "overrides.yaml", "collector-agent.yaml", "collector-gateway.yaml", "lifecycle.json"}
    always |= {"datasources.yaml", "synthetic-check.json"}
    of_grafana = {name for name in files if name.startswith(("dashboard-", "rules-"))}
    assert set(files) == always | further | of_grafana
    assert {"dashboard-collectors.json"} <= of_grafana
    assert all(len(text) > 200 for text in files.values())


@given(stack=valid_settings())
def test_the_listed_lifecycle_is_the_one_that_the_setup_script_reads(stack: StackSettings) -> None:
    """Both kinds of store have the file; only one of them reads it from the mounted folder."""
    rendered = render(stack, make_plan(stack))
    listed = json.loads(rendered.files()["lifecycle.json"])
    assert listed == {"Rules": rendered.bucket_lifecycle}
