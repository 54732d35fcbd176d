"""Problems with settings, as sentences that a person can act on.

Every problem reads `path: what is wrong (got …; allowed …). How to fix.`, whether pydantic
found it in one field or a cross-check found it between two.
"""

import difflib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

# A value longer than this is cut in a message: a pasted certificate should not fill the screen.
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake; `path` is the dotted path of the setting in the stack file."""

    path: str
    what: str
    got: str
    allowed: str
    fix: str

    def __str__(self) -> str:
        """Render the one-line sentence."""
        return f"{self.path}: {self.what} (got {self.got}; allowed {self.allowed}). {self.fix}"


class SettingsError(Exception):
    """All problems of one stack file at once; `str()` is one problem a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Sort the problems by path, so the same file always gives the same message."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refusal(path: object, error: SettingsError) -> str:
    """Return the message for a refused file: the number of problems, then one a line."""
    count = len(error.problems)
    return f"{path}: refused, {count} problem{'s' if count > 1 else ''}:\n{error}"


def shown(value: object) -> str:
    """Return a value as JSON, cut to a readable length, or its Python form if JSON cannot hold it."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError):
        # YAML can hold what JSON cannot: a list that contains itself, a date as a key.
        text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def from_pydantic(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Translate each of pydantic's errors; an unknown type of error keeps pydantic's own message."""
    return [_problem(details, model) for details in error.errors(include_url=False)]


def _problem(details: ErrorDetails, model: type[BaseModel]) -> Problem:
    path = ".".join(_one_line(part) for part in details["loc"]) or "(the file)"
    kind = details["type"]
    if kind == "missing":
        fix = f"Add `{path}`. {_description(details['loc'], model)}".strip()
        return Problem(path, "a required setting is missing", "nothing", "a value", fix)
    if kind == "extra_forbidden":
        return _unknown_key(details, path, model)
    translate = _TRANSLATIONS.get(kind)
    if translate:
        what, allowed, fix = translate(details.get("ctx", {}))
    else:
        what, allowed = "the value is not valid", details["msg"]
        fix = "Change it to an allowed value."
    return Problem(path, what, shown(details["input"]), allowed, fix)


def _one_line(part: int | str) -> str:
    """Return a part of a path without line breaks: a key may contain them, a problem is one line."""
    return " ".join(str(part).split())


def _unknown_key(details: ErrorDetails, path: str, model: type[BaseModel]) -> Problem:
    *parents, key = details["loc"]
    known = sorted(_fields_at(parents, model))
    close = difflib.get_close_matches(str(key), known, n=1)
    fix = f"Rename it to `{close[0]}`." if close else "Remove it."
    return Problem(path, "unknown key", shown(str(key)), ", ".join(known), fix)


def _fields_at(parents: Iterable[int | str], model: type[BaseModel]) -> Mapping[str, Any]:
    """Return the fields of the model at a path, or of the deepest model that the path reaches."""
    for part in parents:
        found = model.model_fields.get(str(part))
        nested = _model_in(found.annotation) if found else None
        if nested:
            model = nested
    return model.model_fields


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model in `Model` or `Model | None`."""
    candidates = (annotation, *getattr(annotation, "__args__", ()))
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)


def _description(location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    *parents, name = location
    field = _fields_at(parents, model).get(str(name))
    return (field.description or "") if field else ""


_TYPE_FIX = "Write it without quotes if it is a number or a boolean, with quotes if it is text."
_Translation = Callable[[Mapping[str, Any]], tuple[str, str, str]]


def _type(allowed: str) -> _Translation:
    return lambda _: ("the value has the wrong type", allowed, _TYPE_FIX)


def _bound(word: str, key: str, amount: str) -> _Translation:
    def translate(ctx: Mapping[str, Any]) -> tuple[str, str, str]:
        allowed = amount.format(ctx[key])
        return f"the value is {word}", allowed, f"Set a value of {allowed}."

    return translate


_TRANSLATIONS: Mapping[str, _Translation] = {
    "int_type": _type("a whole number"),
    "int_from_float": _type("a whole number"),
    "float_type": _type("a number"),
    "finite_number": _type("a finite number"),
    "string_type": _type("text"),
    "bool_type": _type("true or false"),
    "tuple_type": _type("a list"),
    "model_type": lambda _: (
        "the value has the wrong type",
        "a mapping of settings",
        "Indent its keys below it.",
    ),
    "model_attributes_type": lambda _: (
        "the value has the wrong type",
        "a mapping of settings",
        "Indent its keys below it.",
    ),
    "literal_error": lambda ctx: (
        "the value is not one of the choices",
        str(ctx["expected"]),
        "Set one of these values.",
    ),
    "string_pattern_mismatch": lambda ctx: (
        "the text does not match the pattern",
        f"text that matches {ctx['pattern']}",
        "Correct its characters and length.",
    ),
    "string_too_long": _bound("too long", "max_length", "{} or fewer characters"),
    "string_too_short": _bound("too short", "min_length", "{} or more characters"),
    "too_long": _bound("too long", "max_length", "{} or fewer entries"),
    "greater_than_equal": _bound("too small", "ge", "at least {}"),
    "less_than_equal": _bound("too large", "le", "at most {}"),
}
