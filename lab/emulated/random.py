"""The emulated `random` plugin: values drawn once, kept in the state, drawn again when any input changes."""

import base64
import secrets
import string

from lab.emulated.diff import Change, compare
from lab.emulated.plugin import Plugin, ProviderError, Urn, refuse_unknown
from lab.emulated.values import UNKNOWN, Json, Properties

_BYTES = "random:index/randomBytes:RandomBytes"
_PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 - a type token
_STRING = "random:index/randomString:RandomString"
_INPUTS = {_BYTES: ("length",), _PASSWORD: ("length", "special"), _STRING: ("length", "special")}
_OUTPUTS = {_BYTES: frozenset({"base64", "hex"}), _PASSWORD: frozenset({"result"}), _STRING: frozenset({"result"})}
# All but a string's outputs are secret.
_SECRET = {**_OUTPUTS, _STRING: frozenset[str]()}
# The real provider's set of special characters.
_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"


class RandomPlugin(Plugin):
    """Draws values on create; nothing exists outside the state."""

    def invoke(self, token: str, args: Json) -> Json:
        """Refuse every function: an empty answer would be taken for a result."""
        del args
        raise ProviderError(f"The emulated random plugin has no functions, but got {token}.")

    def check(self, urn: Urn, old: Properties | None, new: Properties, seed: bytes) -> Properties:
        """Return the inputs unchanged; refuse types and inputs that are not supported."""
        del old, seed
        if urn.type not in _INPUTS:
            raise ProviderError(
                f"The emulated random plugin has no {urn.type}, only {' and '.join(_INPUTS)}: "
                "install the real plugin."
            )
        refuse_unknown("random", urn, new, _INPUTS[urn.type])
        return new

    def diff(self, urn: Urn, old: Properties, new: Properties) -> tuple[Change, ...]:
        """Replace on every change: a value drawn under other rules is another value."""
        del urn
        return compare(old.values, new.values, lambda _: True)

    def create(self, urn: Urn, inputs: Properties, *, preview: bool = False) -> tuple[str, Properties]:
        """Draw a value; in a preview it is unknown, because the update would draw another one."""
        drawn = dict.fromkeys(_OUTPUTS[urn.type], UNKNOWN) if preview else _draw(urn.type, inputs.values)
        state = Properties(inputs.values | drawn, inputs.secrets | _SECRET[urn.type])
        # The real provider's id of a value that must not be shown.
        return "" if preview else "none", state

    def read(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties
    ) -> tuple[str, Properties, Properties]:
        """Return the state. Bytes are imported by their value in base64, as with the real provider."""
        if urn.type == _BYTES and not state.values:
            value = base64.b64decode(resource_id)
            inputs = Properties({"length": len(value)})
            state = Properties(inputs.values | _encoded(value), _OUTPUTS[_BYTES])
        return resource_id, inputs, state


def _draw(kind: str, inputs: Json) -> Json:
    if kind == _BYTES:
        return _encoded(secrets.token_bytes(inputs["length"]))
    alphabet = string.ascii_letters + string.digits + (_SPECIAL if inputs.get("special", True) else "")
    return {"result": "".join(secrets.choice(alphabet) for _ in range(inputs["length"]))}


def _encoded(value: bytes) -> Json:
    return {"base64": base64.b64encode(value).decode(), "hex": value.hex()}
