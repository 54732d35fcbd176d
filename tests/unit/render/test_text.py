from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from render.text import checksum, to_json, to_yaml

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner), max_leaves=8
)


@given(config=st.dictionaries(st.text(max_size=8), DATA, max_size=4))
def test_yaml_says_what_the_data_says(config: dict[str, Any]) -> None:
    text = to_yaml(config)
    assert yaml.safe_load(text) == config
    assert to_yaml(config) == text


def test_the_order_of_keys_is_kept() -> None:
    assert to_yaml({"z": 1, "a": 2}) == "z: 1\na: 2\n"


def test_equal_parts_are_written_out_each_time() -> None:
    part = {"x": 1}
    assert to_yaml({"a": part, "b": part}) == "a:\n  x: 1\nb:\n  x: 1\n"


def test_lists_stand_below_their_key_as_people_write_them() -> None:
    assert to_yaml({"a": ["x", "y"]}) == "a:\n  - x\n  - y\n"


@pytest.mark.parametrize("text", ["yes", "1.0", "null", "2026-11-01", "0x1", "~", "{{ a }}", "a: b", "# c", "- d"])
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    assert yaml.safe_load(to_yaml({"a": text})) == {"a": text}


def test_json_is_indented_and_ends_with_a_line_break() -> None:
    assert to_json({"b": 1, "a": "é"}) == '{\n  "b": 1,\n  "a": "é"\n}\n'


def test_a_checksum_is_short_and_changes_with_the_text() -> None:
    assert checksum("a") == "ca978112ca1bbdca"
    assert checksum("a") != checksum("a ")
