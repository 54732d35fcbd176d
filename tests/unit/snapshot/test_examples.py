"""Other values of settings: from their types and bounds, or from the table."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from snapshot.example_values import EXAMPLES
from snapshot.examples import Example, Given, examples, leaves
from tests.support.documents import setting_exists
from tests.support.stacks import STACKS, sections, settings_of


class Inner(BaseModel):
    """A section."""

    share: float = Field(default=50.0, ge=0, le=52)


class Section(BaseModel):
    """Settings of every type that gives another value."""

    inner: Inner = Inner()
    absent: Inner | None = None
    count: int = Field(default=3, ge=1, le=3)
    size: int = Field(default=1000, ge=1, le=1100)
    mode: Literal["a", "b", "c"] = "b"
    layout: Literal["x", "y"] | None = None
    on: bool = True
    name: str = "x"


def others(path: str) -> list[Any]:
    """Return the other values of one setting of `Section`; all that have none are in the table."""
    table = {path: [Given("z")] for path in ("absent", "name")}
    rows = examples(Section(), table)
    return next([example.value for example in row] for row in rows if row[0].setting == path)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("inner.share", [45.0]),
        ("count", [2]),
        ("size", [1100, 900]),
        ("mode", ["a", "c"]),
        ("layout", ["x", "y"]),
        ("on", [False]),
        ("name", ["z"]),
        ("absent", ["z"]),
    ],
)
def test_a_setting_has_these_other_values(path: str, values: list[Any]) -> None:
    assert others(path) == values


def test_a_setting_without_another_value_is_an_error_that_says_where_to_add_one() -> None:
    with pytest.raises(ValueError, match=r"^absent: .+ add one to snapshot/example_values\.py$"):
        list(examples(Section(), {}))


def test_each_given_value_is_a_row() -> None:
    table = {"absent": [Given(1)], "name": [Given("y"), Given("z", {"on": False})]}
    rows = [row for row in examples(Section(), table) if row[0].setting == "name"]
    assert rows == [[Example("name", "x", "y", {})], [Example("name", "x", "z", {"on": False})]]


def test_an_example_changes_its_settings_in_a_copy() -> None:
    stack: dict[str, Any] = {"tempo": {"version": "2.10.8"}}
    example = Example("tempo.version", "2.10.8", "3.0.3", {"images.tempo.tag": "3.0.3"})
    assert example.applied(stack) == {"tempo": {"version": "3.0.3"}, "images": {"tempo": {"tag": "3.0.3"}}}
    assert stack == {"tempo": {"version": "2.10.8"}}


@pytest.mark.parametrize("stack", STACKS)
def test_the_settings_of_a_stack_are_those_of_the_model_with_its_values(stack: str) -> None:
    found = {leaf.path: leaf.value for leaf in leaves(settings_of(stack))}
    assert found["tempo.version"] == sections(stack)["tempo"]["version"]
    assert all(setting_exists(path) for path in found)


def test_the_table_names_settings_that_exist() -> None:
    named = {*EXAMPLES, *(path for given in EXAMPLES.values() for one in given for path in one.others)}
    assert {path for path in named if not setting_exists(path)} == set()
