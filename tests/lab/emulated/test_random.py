import base64
import string

import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.plugin import ProviderError, Urn
from lab.emulated.random import RandomPlugin
from lab.emulated.values import Json, Properties

PLUGIN = RandomPlugin()


def _urn(kind: str) -> Urn:
    return Urn(f"urn:pulumi:dojo::project::random:index/random{kind}:Random{kind}::thing")


def _create(kind: str, inputs: Json, *, preview: bool = False) -> tuple[str, Properties]:
    return PLUGIN.create(_urn(kind), Properties(inputs), preview=preview)


def test_a_password_has_the_length_and_the_characters_asked_for() -> None:
    """Some stores refuse special characters in a password."""
    plain = _create("Password", {"length": 400, "special": False})[1].values["result"]
    assert len(plain) == 400
    assert plain.isalnum()
    special = _create("Password", {"length": 400})[1].values["result"]
    assert set(special) & set(string.punctuation)


def test_two_passwords_differ() -> None:
    """A constant would pass every other test."""
    assert _create("Password", {"length": 20})[1] != _create("Password", {"length": 20})[1]


def test_passwords_and_bytes_are_secret() -> None:
    """Secrets must be encrypted in the state."""
    assert _create("Password", {"length": 4})[1].secrets == {"result"}
    assert _create("Bytes", {"length": 4})[1].secrets == {"base64", "hex"}


def test_a_string_is_not_secret() -> None:
    """As with the real provider, which is why a rule of the policies refuses it for a secret."""
    state = _create("String", {"length": 4})[1]
    assert len(state.values["result"]) == 4
    assert state.secrets == set()


def test_bytes_come_in_two_spellings_of_the_same_value() -> None:
    """A program that mixes them must get the same key."""
    values = _create("Bytes", {"length": 32})[1].values
    assert base64.b64decode(values["base64"]).hex() == values["hex"]
    assert len(values["hex"]) == 64


def test_a_preview_knows_the_result_only_as_unknown() -> None:
    """A drawn value in a preview would be another one in the update."""
    resource_id, state = _create("Password", {"length": 4}, preview=True)
    assert resource_id == ""
    assert state.values["result"] == UNKNOWN
    assert state.secrets == {"result"}


def test_another_length_draws_again() -> None:
    """A value drawn under other rules is another value."""
    old, new = Properties({"length": 4}), Properties({"length": 5})
    (change,) = PLUGIN.diff(_urn("Password"), old, new)
    assert change.replaces
    assert PLUGIN.diff(_urn("Password"), old, old) == ()


def test_a_type_that_is_not_drawn_here_is_refused() -> None:
    """Rather than drawn as something else."""
    with pytest.raises(ProviderError, match=r"has no random:index/randomPet:RandomPet, only .*: install the real"):
        PLUGIN.check(_urn("Pet"), None, Properties({}), b"")


def test_an_input_that_is_not_known_here_is_refused() -> None:
    """It would silently have no effect."""
    with pytest.raises(
        ProviderError, match=r"has no minUpper of .*RandomPassword, only length, special: remove it"
    ):
        PLUGIN.check(_urn("Password"), None, Properties({"length": 4, "minUpper": 1}), b"")


def test_bytes_are_imported_by_their_value() -> None:
    """A store's key that was kept when its stack went: another one could not read what it encrypted."""
    _, inputs, state = PLUGIN.read(_urn("Bytes"), "AAEC", Properties({}), Properties({}))
    assert inputs.values == {"length": 3}
    assert state.values == {"length": 3, "base64": "AAEC", "hex": "000102"}
    assert state.secrets == {"base64", "hex"}
