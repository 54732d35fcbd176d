"""The committed JSON Schema is current, the stack files name it, and it agrees with the product's own checks."""

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from cli.app import main
from settings.loader import parse
from settings.problems import SettingsError
from settings.project import REPO
from settings.schema import schema_text, stack_file_schema
from tests.support.schema_values import EXAMPLES
from tests.support.stacks import ABSENT, STACKS, as_config, sections, stack_file

COMMITTED = REPO / "schemas" / "stack.schema.json"


def errors(content: Any) -> list[str]:
    """Return the schema's objections to a whole stack file."""
    return [error.message for error in Draft202012Validator(stack_file_schema()).iter_errors(content)]


def test_the_committed_schema_is_the_current_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(), (
        f"{COMMITTED.relative_to(REPO)} does not match settings/ any more. Run `make schema` and commit it."
    )


def test_the_command_prints_the_committed_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == COMMITTED.read_text(encoding="utf-8")


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(stack_file_schema())


@pytest.mark.parametrize("stack", STACKS)
def test_the_first_line_of_a_stack_file_names_the_schema_for_editors(stack: str) -> None:
    first, *_ = stack_file(stack).read_text(encoding="utf-8").splitlines()
    assert first == f"# yaml-language-server: $schema={COMMITTED.relative_to(REPO)}"


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_file_satisfies_the_schema(stack: str) -> None:
    assert errors(yaml.safe_load(stack_file(stack).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tempo.ingesters", 0),
        ("tempo.ingesters", "1"),
        ("tempo.version", "v2.10.8"),
        ("tls.otlp", "none"),
        ("cost", ABSENT),
        ("retention.detailed_hours", ABSENT),
        ("retention.detail_hours", 24),
        ("unknown", {}),
        ("sampling.named_users", [""]),
    ],
)
def test_schema_and_product_refuse_the_same(path: str, value: object) -> None:
    changed = sections("dojo", {path: value})
    assert errors({"config": as_config(changed)}) != []
    with pytest.raises(SettingsError, match=path):
        parse(changed)


def test_encrypted_secrets_and_providers_keys_satisfy_the_schema() -> None:
    beside = {"aws:region": "eu-west-1", "fawkes-tracing:object_store_secret_key": {"secure": "v1:abc"}}
    assert errors({"encryptionsalt": "v1:salt", "config": as_config(sections("dojo")) | beside}) == []


def test_a_secret_in_clear_text_does_not_satisfy_the_schema() -> None:
    beside = {"fawkes-tracing:object_store_secret_key": "clear text"}
    assert errors({"config": as_config(sections("dojo")) | beside}) != []


def test_every_setting_has_a_description() -> None:
    def undescribed(schema: dict[str, Any], path: str) -> list[str]:
        properties = schema.get("properties", {})
        return [f"{path}.{name}" for name, part in properties.items() if not part.get("description")]

    definitions = stack_file_schema()["$defs"]
    assert [entry for name, part in definitions.items() for entry in undescribed(part, name)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_texts_of_random_stack_files_are_within_the_schema(name: str) -> None:
    schema = stack_file_schema()
    parts = [part["properties"][name] for part in schema["$defs"].values() if name in part.get("properties", {})]
    for part in parts:
        validator = Draft202012Validator(part | {"$defs": schema["$defs"]})
        # Several settings may have this name; the examples must fit the one that is a string.
        assert [text for text in EXAMPLES[name] if not validator.is_valid(text)] == []
    assert parts != []
