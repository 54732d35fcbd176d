"""Read properties by path, without failing on what is missing or guessing what is unknown."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import Any, TypeVar

import yaml

from policies.remembering import remembering
from policies.unjudged import UnjudgedError

_Shape = TypeVar("_Shape")


class Special(Enum):
    """What stands in place of a value: unknown until the update, or not there at all."""

    UNKNOWN = "unknown"
    MISSING = "missing"


@dataclass(frozen=True)
class Property:
    """A value and the path that leads to it, as `spec.replicas`.

    `pod["spec"]["replicas"].number(1)` reads a value, and returns the default if it or anything on the way is
    missing. Reading raises UnjudgedError if the value is unknown or has another shape. A rule lets that pass: the
    resource is then refused with the path in the sentence.
    """

    value: Any
    path: str = ""

    def __getitem__(self, key: str | int) -> "Property":
        """Return the property of that name, or the item of that index."""
        path = f"{self.path}[{key}]" if isinstance(key, int) else f"{self.path}.{key}".lstrip(".")
        if isinstance(self.value, Special):
            return Property(self.value, path)
        if isinstance(key, int):
            items = self._shaped(list, "a list")
            return Property(items[key] if key < len(items) else Special.MISSING, path)
        found = self._shaped(dict, "a mapping").get(key, Special.MISSING)
        # The engine leaves out a property without a value; YAML and JSON write null.
        return Property(Special.MISSING if found is None else found, path)

    @property
    def is_unknown(self) -> bool:
        """Whether the value will be known only when the stack is updated."""
        return self.value is Special.UNKNOWN

    @property
    def is_missing(self) -> bool:
        """Whether there is no such property; raises UnjudgedError if what would contain it is unknown."""
        return self._known() is Special.MISSING

    def text(self, default: str | None = None) -> str:
        """Return a text."""
        return str(self._or_default(str, "text", default))

    def number(self, default: float | None = None) -> float:
        """Return a number."""
        if isinstance(self.value, bool):
            raise UnjudgedError(f"{self.path} is true or false; a number was expected")
        return float(self._or_default((int, float), "a number", default))

    def flag(self, default: bool | None = None) -> bool:  # noqa: FBT001 - the value itself
        """Return true or false."""
        return bool(self._or_default(bool, "true or false", default))

    def items(self) -> "list[Property]":
        """Return the items of a list, none if it is missing."""
        found = self._or_default(list, "a list", [])
        return [Property(item, f"{self.path}[{index}]") for index, item in enumerate(found)]

    def fields(self) -> "dict[str, Property]":
        """Return the properties of a mapping by name, none if it is missing."""
        return {str(name): self[name] for name in self._or_default(dict, "a mapping", {})}

    def texts(self) -> list[str]:
        """Return a list of texts; a single text counts as a list of one, as in IAM's documents."""
        return [self.value] if isinstance(self.value, str) else [item.text() for item in self.items()]

    def json(self) -> "Property":
        """Return the document in a text of JSON."""
        return self._document(_json, "JSON")

    def yaml(self) -> "Property":
        """Return the document in a text of YAML."""
        return self._document(_yaml, "YAML")

    def plain(self) -> Any:  # noqa: ANN401 - any JSON
        """Return the value as plain data, None if it is missing; UnjudgedError if anything in it is unknown."""
        known = self._known()
        if isinstance(known, dict):
            return {name: self[name].plain() for name in known}
        if isinstance(known, list):
            return [self[index].plain() for index in range(len(known))]
        return None if known is Special.MISSING else known

    def _document(self, parse: Callable[[str], Any], language: str) -> "Property":
        text = self.text()
        try:
            return Property(parse(text), self.path)
        # No cause: the parser's own message quotes the text.
        except (ValueError, yaml.YAMLError, RecursionError):
            raise UnjudgedError(f"{self.path} is not valid {language}") from None

    def _or_default(self, shape: type[_Shape] | tuple[type, ...], expected: str, default: _Shape | None) -> Any:  # noqa: ANN401 - of the shape
        known = self._known()
        if known is not Special.MISSING:
            return self._shaped(shape, expected)
        if default is None:
            raise UnjudgedError(f"{self.path} is missing; {expected} was expected")
        return default

    def _known(self) -> Any:  # noqa: ANN401 - any JSON
        if self.is_unknown:
            raise UnjudgedError(f"{self.path} is not known before the update")
        return self.value

    def _shaped(self, shape: type | tuple[type, ...], expected: str) -> Any:  # noqa: ANN401 - of the shape
        if not isinstance(self._known(), shape):
            raise UnjudgedError(f"{self.path} is {_name(self.value)}; {expected} was expected")
        return self.value


class Unread(Property):
    """Properties as the SDK passes them, read when a rule needs them: most rules need few of the resources."""

    def __init__(self, properties: Mapping[str, Any], path: str = "") -> None:
        """Read nothing yet; `path` is what the path of each property begins with."""
        object.__setattr__(self, "path", path)
        object.__setattr__(self, "_properties", properties)

    @cached_property
    def value(self) -> Any:  # noqa: ANN401 - any JSON
        """The properties, as `known` returns them."""
        return _known_once(self._properties)  # type: ignore[attr-defined]  # set above, because the class is frozen


def known(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the properties as the SDK passes them, with `Special.UNKNOWN` for each unknown value.

    The SDK raises an error as soon as an unknown value is read, even by `in`; its keys can be read.
    """
    # Imported here: only the engine's process and few tests have the SDK's view of unknown values.
    from pulumi_policy.proxy import UnknownValueError  # noqa: PLC0415

    def read(get: Callable[[], Any]) -> Any:  # noqa: ANN401 - any JSON
        try:
            return known(get())
        except UnknownValueError:
            return Special.UNKNOWN

    if isinstance(value, Mapping):
        return {str(key): read(lambda key=key: value[key]) for key in value}  # type: ignore[misc]  # bound now
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [read(lambda index=index: value[index]) for index in range(len(value))]  # type: ignore[misc]  # bound now
    return value


# The engine's process passes the same properties to every rule.
_known_once = remembering(known)


# Many rules read the same document, and parsing it takes longer than all else that they do. Nobody changes what is
# returned.
@cache
def _json(text: str) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(text)


@cache
def _yaml(text: str) -> Any:  # noqa: ANN401 - any YAML
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def _name(value: object) -> str:
    names = {
        bool: "true or false",
        dict: "a mapping",
        float: "a number",
        int: "a number",
        list: "a list",
        str: "text",
    }
    return names.get(type(value), "something else")
