import base64
import string

import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.plugin import Operation, ProviderError, Urn
from lab.emulated.random import RandomPlugin
from lab.emulated.values import Json, Properties

PLUGIN = RandomPlugin(package="pulumi_random")


def _urn(kind: str) -> Urn:
    return Urn(f"urn:pulumi:dojo::project::random:index/random{kind}:Random{kind}::thing")


def _create(kind: str, inputs: Json, *, preview: bool = False) -> tuple[str, Properties]:
    return PLUGIN.create(Operation(urn=_urn(kind), preview=preview), Properties(inputs))


def test_a_password_has_the_length_and_the_classes_asked_for() -> None:
    """Minimums must hold for every draw, not on average."""
    for _ in range(50):
        inputs = {"length": 8, "minNumeric": 3, "minUpper": 2, "special": False}
        result = _create("Password", inputs)[1].values["result"]
        assert len(result) == 8
        assert sum(letter in string.digits for letter in result) >= 3
        assert sum(letter in string.ascii_uppercase for letter in result) >= 2
        assert result.isalnum()


def test_only_the_given_special_characters_are_used() -> None:
    """Some stores refuse most of them in a password."""
    inputs = {"length": 200, "overrideSpecial": "_-", "lower": False, "upper": False, "numeric": False}
    assert set(_create("Password", inputs)[1].values["result"]) == {"_", "-"}


def test_two_passwords_differ() -> None:
    """A constant would pass every other test."""
    assert _create("Password", {"length": 20})[1] != _create("Password", {"length": 20})[1]


def test_an_impossible_password_is_refused() -> None:
    """Five digits do not fit in four places."""
    with pytest.raises(ProviderError, match="length 4"):
        _create("Password", {"length": 4, "minNumeric": 5})


def test_passwords_and_bytes_are_secret_and_strings_are_not() -> None:
    """What is secret must be encrypted in the state."""
    assert _create("Password", {"length": 4})[1].secrets == {("result",)}
    assert _create("Bytes", {"length": 4})[1].secrets == {("base64",), ("hex",)}
    assert _create("String", {"length": 4})[1].secrets == frozenset()


def test_bytes_come_in_two_spellings_of_the_same_value() -> None:
    """Whoever mixes them must get the same key."""
    values = _create("Bytes", {"length": 32})[1].values
    assert base64.b64decode(values["base64"]).hex() == values["hex"]
    assert len(values["hex"]) == 64


def test_an_id_is_known_by_its_url_safe_form() -> None:
    """The engine keeps a resource by its id."""
    resource_id, state = _create("Id", {"byteLength": 4, "prefix": "x-"})
    assert resource_id == state.values["b64Url"]
    assert state.values["hex"].startswith("x-")


def test_a_preview_knows_the_result_only_as_unknown() -> None:
    """A drawn value in a preview would be another one in the update."""
    resource_id, state = _create("Password", {"length": 4}, preview=True)
    assert resource_id == ""
    assert state.values["result"] == UNKNOWN
    assert state.secrets == {("result",)}


def test_other_keepers_draw_again() -> None:
    """That is how a password is rotated."""
    old, new = {"length": 4, "keepers": {"month": "1"}}, {"length": 4, "keepers": {"month": "2"}}
    assert PLUGIN.diff(_urn("Password"), Properties(old), Properties(new)).replaces
    assert not PLUGIN.diff(_urn("Password"), Properties(old), Properties(old)).changes


def test_a_kind_that_is_not_drawn_here_is_refused() -> None:
    """Rather than made as something else."""
    with pytest.raises(ProviderError, match="RandomPet"):
        PLUGIN.check(_urn("Pet"), None, Properties({}), b"")


def test_bytes_are_imported_by_their_value() -> None:
    """A store's key that was kept when its stack went: another one could not read what it encrypted."""
    urn = Urn("urn:pulumi:s::p::random:index/randomBytes:RandomBytes::key")
    _, inputs, state = RandomPlugin(package="pulumi_random").read(urn, "AAEC", Properties({}), Properties({}))
    assert inputs.values == {"length": 3}
    assert state.values == {"length": 3, "base64": "AAEC", "hex": "000102"}
    assert state.secrets == {("base64",), ("hex",)}
