"""Changes of every setting to try: another value from its type and bounds, or from a table."""

import math
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from settings.dotted import with_settings

# A number is changed by a tenth: the size of a correction, and enough for what is derived from it to follow.
_STEP = 0.1


@dataclass(frozen=True)
class Given:
    """Another value of a setting, and the settings by dotted path that must change with it; None removes one."""

    value: Any
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """A changed setting, by its dotted path, and the settings that change with it."""

    setting: str
    before: Any
    value: Any
    others: Mapping[str, Any]

    def applied(self, sections: Mapping[str, Any]) -> dict[str, Any]:
        """Return the sections of a stack file with all of these settings changed."""
        return with_settings(sections, {self.setting: self.value, **self.others})


@dataclass(frozen=True)
class Leaf:
    """A setting that is not a section, or a whole section that the stack does not have; `value` is the stack's."""

    path: str
    model_field: FieldInfo
    value: Any


def leaves(settings: BaseModel, prefix: str = "") -> Iterator[Leaf]:
    """Yield every setting of a stack in the order of the model, defaults included."""
    for name, model_field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield Leaf(f"{prefix}{name}", model_field, value)


def examples(settings: BaseModel, table: Mapping[str, Sequence[Given]]) -> Iterator[list[Example]]:
    """Yield the rows of every setting in turn: each is a list of alternatives, the likeliest first.

    `table` gives rows by dotted path, each of one alternative; for other settings there is one row. Raise
    `ValueError` for a setting that is not in the table and whose type gives no other value.
    """
    for leaf in leaves(settings):
        if leaf.path in table:
            yield from ([Example(leaf.path, leaf.value, given.value, given.others)] for given in table[leaf.path])
        else:
            yield [Example(leaf.path, leaf.value, value, {}) for value in _other_values(leaf)]


def _other_values(leaf: Leaf) -> list[Any]:
    """Return other values of a setting, the likeliest first."""
    value = leaf.value
    if isinstance(value, bool):
        return [not value]
    if choices := [choice for kind in _kinds(leaf.model_field) for choice in _choices(kind) if choice != value]:
        return choices
    if isinstance(value, int | float):
        return [number for number in _near(value) if _is_within(number, leaf.model_field)]
    raise ValueError(f"{leaf.path}: no other value follows from its type; add one to snapshot/example_values.py")


def _near(value: float) -> list[int | float]:
    """Return a tenth more and a tenth less, of a whole number at least one."""
    if isinstance(value, int):
        step = max(1, round(value * _STEP))
        return [value + step, value - step]
    return [round(value * (1 + _STEP), 6), round(value * (1 - _STEP), 6)]


def _is_within(number: float, model_field: FieldInfo) -> bool:
    """Return whether a number is within the bounds of its field."""
    lower: list[Any] = [bound.ge for bound in model_field.metadata if isinstance(bound, Ge)]
    upper: list[Any] = [bound.le for bound in model_field.metadata if isinstance(bound, Le)]
    return max(lower, default=-math.inf) <= number <= min(upper, default=math.inf)


def _kinds(model_field: FieldInfo) -> tuple[Any, ...]:
    """Return the types of `X | Y`, or the one type of a field."""
    annotation = model_field.annotation
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)


def _choices(kind: object) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()
