"""The `random` stand-in: values drawn once, kept in the state, drawn again when any input changes."""

import base64
import secrets
import string
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from lab.emulated.diff import Diff, compare
from lab.emulated.plugin import Operation, Plugin, ProviderError, Urn
from lab.emulated.values import UNKNOWN, Json, Properties

# The real provider's set of special characters, unless `overrideSpecial` is given.
_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"


def _text(inputs: Json) -> str:
    classes = {
        "minLower": string.ascii_lowercase if inputs.get("lower", True) else "",
        "minUpper": string.ascii_uppercase if inputs.get("upper", True) else "",
        "minNumeric": string.digits if _numeric(inputs) else "",
        "minSpecial": inputs.get("overrideSpecial", _SPECIAL) if inputs.get("special", True) else "",
    }
    length = inputs["length"]
    drawn = [secrets.choice(letters) for name, letters in classes.items() for _ in range(inputs.get(name, 0))]
    alphabet = "".join(classes.values())
    if not alphabet or len(drawn) > length:
        raise ProviderError(f"No text of length {length} can have these kinds of characters.")
    drawn += [secrets.choice(alphabet) for _ in range(length - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def _numeric(inputs: Json) -> bool:
    # `number` is the older name of `numeric`.
    return bool(inputs.get("numeric", inputs.get("number", True)))


def _password(inputs: Json) -> Json:
    return {"result": _text(inputs)}


def _bytes(inputs: Json) -> Json:
    return _encoded(secrets.token_bytes(inputs["length"]))


def _encoded(drawn: bytes) -> Json:
    return {"base64": base64.b64encode(drawn).decode(), "hex": drawn.hex()}


def _id(inputs: Json) -> Json:
    drawn, prefix = secrets.token_bytes(inputs["byteLength"]), inputs.get("prefix", "")
    forms = {
        "b64Std": base64.b64encode(drawn).decode(),
        "b64Url": base64.urlsafe_b64encode(drawn).decode().rstrip("="),
        "dec": str(int.from_bytes(drawn)),
        "hex": drawn.hex(),
    }
    return {name: prefix + form for name, form in forms.items()}


def _uuid(_: Json) -> Json:
    return {"result": str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))}


@dataclass(frozen=True)
class _Kind:
    """How a type is drawn, which outputs that gives, whether they are secret, and which one is the id."""

    draw: Callable[[Json], Json]
    outputs: tuple[str, ...] = ("result",)
    secret: bool = False
    id_output: str = ""


_BYTES = "random:index/randomBytes:RandomBytes"
_KINDS = {
    "random:index/randomPassword:RandomPassword": _Kind(_password, secret=True),
    _BYTES: _Kind(_bytes, ("base64", "hex"), secret=True),
    "random:index/randomString:RandomString": _Kind(_password, id_output="result"),
    "random:index/randomId:RandomId": _Kind(_id, ("b64Std", "b64Url", "dec", "hex"), id_output="b64Url"),
    "random:index/randomUuid:RandomUuid": _Kind(_uuid, id_output="result"),
}


class RandomPlugin(Plugin):
    """Draws on create and has nothing outside the state."""

    def check(self, urn: Urn, old: Properties | None, new: Properties, seed: bytes) -> Properties:
        """Take the inputs as they are; refuse a kind that is not drawn here."""
        del old, seed
        if urn.type not in _KINDS:
            raise ProviderError(f"The stand-in of pulumi_random cannot make {urn.type}: install the real plugin.")
        return new

    def diff(self, urn: Urn, old: Properties, new: Properties) -> Diff:
        """Replace on every change: a value drawn under other rules is another value."""
        del urn
        return Diff(compare(old.values, new.values, lambda _: True))

    def create(self, operation: Operation, inputs: Properties) -> tuple[str, Properties]:
        """Draw; in a preview nothing is known yet."""
        kind = _KINDS[operation.urn.type]
        hidden = frozenset((name,) for name in kind.outputs) if kind.secret else frozenset()
        if operation.preview:
            unknown = dict.fromkeys(kind.outputs, UNKNOWN)
            return "", Properties(inputs.values | unknown, inputs.secrets | hidden)
        drawn = kind.draw(inputs.values)
        state = Properties(inputs.values | drawn, inputs.secrets | hidden)
        return drawn.get(kind.id_output, "none"), state

    def update(self, operation: Operation, inputs: Properties, state: Properties) -> Properties:
        """Refuse: every change replaces."""
        del inputs, state
        raise ProviderError(f"{operation.urn.name} can only be replaced.")

    def delete(self, operation: Operation, inputs: Properties) -> None:
        """Forget it: there is nothing outside the state."""

    def read(
        self, urn: Urn, resource_id: str, inputs: Properties, state: Properties
    ) -> tuple[str, Properties, Properties]:
        """Return what the state says: there is nothing else to look at. What is imported is named by its value."""
        if urn.type == _BYTES and not state.values:
            value = base64.b64decode(resource_id)
            inputs, hidden = Properties({"length": len(value)}), frozenset({("base64",), ("hex",)})
            return resource_id, inputs, Properties(inputs.values | _encoded(value), hidden)
        return resource_id, inputs, state
