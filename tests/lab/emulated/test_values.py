import hypothesis.strategies as st
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.values import Json, Path, Properties, path_text

_SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(-1, 1, exclude_min=True)
)
_OBJECTS = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
_KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [_without_nulls(inner) for inner in value] if isinstance(value, list) else value


@given(st.dictionaries(st.text(), _OBJECTS, max_size=3))
def test_what_goes_to_the_engine_comes_back_the_same_but_for_nulls(values: Json) -> None:
    """A manifest must not change on its way through the protocol, where every number is a float."""
    assert Properties.from_struct(Properties(values).to_struct()).values == _without_nulls(values)


def test_a_whole_number_stays_an_integer() -> None:
    """The API server refuses `replicas: 2.0`."""
    back = Properties.from_struct(Properties({"replicas": 2, "ratio": 0.5}).to_struct())
    assert repr(back.values["replicas"]) == "2"
    assert repr(back.values["ratio"]) == "0.5"


def test_secrets_keep_their_places() -> None:
    """A secret that lost its mark would be written into the state in clear."""
    secrets: frozenset[Path] = frozenset({("data",), ("spec", "env", 1, "value")})
    given_properties = Properties({"data": {"a": "x"}, "spec": {"env": [{}, {"value": "y"}]}}, secrets)
    back = Properties.from_struct(given_properties.to_struct())
    assert back == given_properties


def test_a_secret_is_wrapped_for_the_engine() -> None:
    """The engine encrypts what carries this signature and nothing else."""
    struct = Properties({"data": "x"}, frozenset({("data",)})).to_struct()
    signed = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "x"}
    assert MessageToDict(struct) == {"data": signed}


def test_a_secret_in_a_secret_is_still_a_secret() -> None:
    """Pulumi wraps outputs of outputs."""
    secrets: frozenset[Path] = frozenset({("a",), ("a", "b")})
    both = Properties({"a": {"b": 1}}, secrets)
    assert Properties.from_struct(both.to_struct()) == both


def test_unknown_values_are_seen_at_any_depth() -> None:
    """An object with one cannot be tried out on the server."""
    assert Properties({"a": [{"b": UNKNOWN}]}).has_unknown()
    assert not Properties({"a": [{"b": "known"}]}).has_unknown()


def test_paths_are_written_as_the_engine_writes_them() -> None:
    """The engine looks up the values to show by these texts."""
    path: Path = ("metadata", "annotations", 'a/b."c"', 0, "x-y")
    assert path_text(path) == 'metadata.annotations["a/b.\\"c\\""][0]["x-y"]'
