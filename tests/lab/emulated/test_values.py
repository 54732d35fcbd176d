from typing import Any

import hypothesis.strategies as st
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.values import Json, Properties

_SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(-1, 1, exclude_min=True)
)
_OBJECTS = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


def _signed(value: Any) -> Any:
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": value}


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(), _OBJECTS, max_size=3))
def test_what_goes_to_the_engine_comes_back_the_same_but_for_nulls(values: Json) -> None:
    """Inputs must not change on their way through the protocol, where every number is a float."""
    assert Properties.from_struct(Properties(values).to_struct()).values == _without_nulls(values)


def test_a_whole_number_stays_an_integer() -> None:
    """Services refuse `Days: 2.0`."""
    back = Properties.from_struct(Properties({"days": 2, "ratio": 0.5}).to_struct())
    assert repr(back.values["days"]) == "2"
    assert repr(back.values["ratio"]) == "0.5"


def test_secrets_keep_their_places() -> None:
    """A secret that lost its mark would be written into the state in clear."""
    values = {"data": {"a": "x"}, "size": 1}
    back = Properties.from_struct(Properties(values, frozenset({"data", "gone"})).to_struct())
    assert back == Properties(values, frozenset({"data"}))


def test_a_property_with_a_secret_at_any_depth_is_secret_as_a_whole() -> None:
    """Also with a secret in a secret: Pulumi wraps outputs of outputs."""
    struct = Struct()
    struct.update({"tags": [{"cost": _signed({"price": _signed("x")})}], "open": "y"})
    assert Properties.from_struct(struct) == Properties(
        {"tags": [{"cost": {"price": "x"}}], "open": "y"}, frozenset({"tags"})
    )


def test_a_secret_is_wrapped_for_the_engine() -> None:
    """The engine encrypts what carries this signature and nothing else."""
    struct = Properties({"data": "x"}, frozenset({"data"})).to_struct()
    assert MessageToDict(struct) == {"data": _signed("x")}


def test_unknown_values_are_seen_at_any_depth() -> None:
    """A request with one cannot be validated."""
    assert Properties({"a": [{"b": UNKNOWN}]}).has_unknown()
    assert not Properties({"a": [{"b": "known"}]}).has_unknown()
