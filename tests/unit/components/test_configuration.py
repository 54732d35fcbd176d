"""Settings loaded through the engine: the same problems and the same values as from the file alone."""

from typing import Any

import pulumi
import pytest

from components.configuration import load
from plan.plan import Plan, make_plan
from settings.loader import read_stack_file
from settings.stack import StackSettings
from snapshot.program import record
from tests.support.stacks import ABSENT, STACKS, as_config, config_of, sections, stack_file


def loaded(config: dict[str, Any]) -> tuple[StackSettings, Plan]:
    """Return the settings and the plan that the program gets from a stack file's `config:`."""
    found: list[tuple[StackSettings, Plan]] = []
    record(lambda: found.append(load()), config, "dojo")
    return found[0]


@pytest.mark.parametrize("stack", STACKS)
def test_program_and_file_give_the_same_settings(stack: str) -> None:
    """A check of the file alone must predict what the engine gets."""
    settings = read_stack_file(stack_file(stack))
    assert loaded(config_of(stack)) == (settings, make_plan(settings))


def test_providers_keys_and_secrets_are_left_alone() -> None:
    """They stand in the same `config:` and are not settings of this program."""
    beside = {"aws:region": "eu-west-1", "fawkes-tracing:object_store_secret_key": "decrypted"}
    assert loaded(config_of("dojo") | beside) == loaded(config_of("dojo"))


def test_a_key_that_an_explicit_provider_ignores_is_refused() -> None:
    with pytest.raises(
        pulumi.RunError, match=r"(?s)refused:\nkubernetes:context: has no effect, .+ cluster\.context"
    ):
        loaded(config_of("dojo") | {"kubernetes:context": "another"})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"samplings": {}}, 'samplings: unknown key (got "samplings"; allowed '),
        ({"cost": ABSENT}, "cost: a required setting is missing (got nothing; allowed a value). "),
        ({"retention": "a day"}, 'retention: the value has the wrong type (got "a day"; allowed a mapping of '),
        (
            {"tls.otlp": "tls"},
            'tls.issuer: is required by tls.otlp "tls" with tls.applications "plaintext" with ',
        ),
        (
            {"collectors.gateway.memory_ceiling_mib": 128},
            "collectors.gateway.memory_ceiling_mib: is too low for 3600 traces in flight in each gateway ",
        ),
    ],
)
def test_a_refused_stack_ends_the_program_with_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        loaded(as_config(sections("dojo", changes)))
    heading, problem = str(refusal.value).splitlines()
    assert heading == "Pulumi.dojo.yaml is refused:"
    assert problem.startswith(sentence)
