"""Kubernetes' label selectors."""

from collections.abc import Mapping, Sequence
from typing import Any

Labels = Mapping[str, str]
_NEEDS_VALUES = ("In", "NotIn")
_OPERATORS = (*_NEEDS_VALUES, "Exists", "DoesNotExist")


class MalformedError(ValueError):
    """An object that Kubernetes' API server would refuse; the message says what is wrong with it."""


def matches(selector: Mapping[str, Any], labels: Labels) -> bool:
    """Return whether a selector selects an object with these labels; an empty one selects everything.

    Raises `MalformedError` for an operator that Kubernetes does not have, and for one without the values that it
    needs.
    """
    exact = selector.get("matchLabels") or {}
    conditions = selector.get("matchExpressions") or []
    return all(labels.get(key) == value for key, value in exact.items()) and all(
        _holds(condition, labels) for condition in conditions
    )


def _holds(condition: Mapping[str, Any], labels: Labels) -> bool:
    key, operator = condition.get("key"), str(condition.get("operator"))
    values: Sequence[str] = condition.get("values") or []
    if not isinstance(key, str) or operator not in _OPERATORS or bool(values) != (operator in _NEEDS_VALUES):
        raise MalformedError(
            f"a selector has the condition {dict(condition)}: it needs a key and one of {', '.join(_OPERATORS)}, "
            f"with values for {' and '.join(_NEEDS_VALUES)} only"
        )
    if operator in _NEEDS_VALUES:
        # As Kubernetes decides: an object without the label has none of the values.
        return (labels.get(key) in values) == (operator == "In")
    return (key in labels) == (operator == "Exists")
