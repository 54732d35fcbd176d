"""Random data of a JSON Schema, as far as this product's schema goes."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]
Overrides = Mapping[str, st.SearchStrategy[Any]]
# Longer lists and texts find nothing new here and cost most of the time.
_LONGEST_LIST = 3
_LONGEST_TEXT = 12


class SchemaValues:
    """Strategies for the parts of one schema.

    `overrides` maps a dotted path to the strategy used instead of the schema's; a setting with an
    override is always present. Any other optional setting is present or absent.
    """

    def __init__(self, schema: Schema, overrides: Overrides) -> None:
        """Keep the schema with its definitions."""
        self._definitions: Schema = schema.get("$defs", {})
        self._schema = schema
        self._overrides = overrides

    def strategy(self) -> st.SearchStrategy[Any]:
        """Return the strategy of the whole schema."""
        return self._values(self._schema, "")

    def _values(self, schema: Schema, path: str) -> st.SearchStrategy[Any]:
        if path in self._overrides:
            return self._overrides[path]
        if "$ref" in schema:
            return self._values(self._definitions[schema["$ref"].rpartition("/")[2]], path)
        if "anyOf" in schema:
            return st.one_of([self._values(choice, path) for choice in schema["anyOf"]])
        if "enum" in schema:
            return st.sampled_from(list(schema["enum"]))
        if schema["type"] == "object":
            return self._objects(schema, path)
        if schema["type"] == "array":
            return st.lists(self._values(schema["items"], f"{path}[]"), max_size=_LONGEST_LIST)
        return _SCALARS[schema["type"]](schema)

    def _objects(self, schema: Schema, path: str) -> st.SearchStrategy[Any]:
        mandatory, optional = {}, {}
        for name, part in schema["properties"].items():
            inner = f"{path}.{name}".lstrip(".")
            always = name in schema.get("required", ()) or inner in self._overrides
            (mandatory if always else optional)[name] = self._values(part, inner)
        return st.fixed_dictionaries(mandatory, optional=optional)


def matching(pattern: str) -> st.SearchStrategy[str]:
    """Return texts that match an anchored pattern from end to end."""
    # Python's `$` also matches before a last line break, pydantic's does not.
    return st.from_regex(pattern.removesuffix("$") + r"\Z").filter(lambda text: "\n" not in text)


def _texts(schema: Schema) -> st.SearchStrategy[str]:
    longest = schema.get("maxLength", _LONGEST_TEXT)
    if "pattern" in schema:
        return matching(schema["pattern"]).filter(lambda text: len(text) <= longest)
    return st.text(min_size=schema.get("minLength", 0), max_size=min(longest, _LONGEST_TEXT))


_SCALARS: Mapping[str, Any] = {
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
    "integer": lambda schema: st.integers(schema["minimum"], schema["maximum"]),
    "number": lambda schema: st.floats(schema["minimum"], schema["maximum"]),
    "string": _texts,
}
