"""The statements of a policy document of IAM, S3 or KMS, as AWS evaluates them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policies.property import Property

# A part of an object's key that no statement names: a pattern that matches it matches every object.
_ANY_OBJECT = "\x00"
# Objects of one bucket.
_IN_ONE_BUCKET = re.compile(r"arn:[^:*?]+:s3:::[^*?/]+/.*")
# Operators that need the key to be there and to have one of the values.
_BINDING = ("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike")
_ACCOUNT = re.compile(r":\d{12}:")


@dataclass(frozen=True)
class Statement:
    """One statement; `position` counts from 1."""

    body: Property
    position: int

    @property
    def name(self) -> str:
        """How a sentence that starts with it calls it: by its Sid, or by its position."""
        sid = self.body["Sid"].text("")
        return f"Statement {sid}" if sid else f"Statement number {self.position}"

    @property
    def allows(self) -> bool:
        """Whether the statement allows; otherwise it denies."""
        return self.body["Effect"].text() == "Allow"

    @property
    def actions(self) -> list[str]:
        """The actions, `*` for a statement that names only what it leaves out."""
        return self._named_or_all("Action")

    @property
    def resources(self) -> list[str]:
        """The resources, `*` for a statement that names only what it leaves out."""
        return self._named_or_all("Resource")

    def principals(self) -> list[tuple[str, str]]:
        """Return the principals as pairs of a kind and a name, `("Service", "…")`.

        Everybody is `("AWS", "*")`, however it is written; so is a statement that names only whom it leaves out.
        """
        found = self.body["Principal"]
        if found.is_missing:
            return [] if self.body["NotPrincipal"].is_missing else [("AWS", "*")]
        if isinstance(found.value, str):
            return [("AWS", found.text())]
        return [(kind, name) for kind, names in found.fields().items() for name in names.texts()]

    def conditions(self) -> list[tuple[str, str, list[str]]]:
        """Return the conditions as operator, key and values, all of which must hold; keys in lower case."""
        return [
            (operator, key.lower(), _values(values))
            for operator, keys in self.body["Condition"].fields().items()
            for key, values in keys.fields().items()
        ]

    def required(self, operator: str, key: str) -> list[str]:
        """Return the values of a condition that must hold, none if there is no such condition."""
        found = [each for each in self.conditions() if each[:2] == (operator, key.lower())]
        return found[0][2] if found else []

    def bound_to(self, keys: Iterable[str]) -> list[str]:
        """Return the values of conditions that bind one of the keys, in lower case, to what it must be.

        Negated operators, those with `IfExists`, and patterns open to any account bind nothing.
        """
        return [
            value
            for operator, key, values in self.conditions()
            if operator in _BINDING and key in keys and not any(map(_is_open, values))
            for value in values
        ]

    def denies(self, action: str) -> bool:
        """Return whether the statement refuses an action to whomever and on whatever it names."""
        named, left_out = self.body["Action"], self.body["NotAction"]
        return not self.allows and (
            _any(named.texts(), action) if left_out.is_missing else not _any(left_out.texts(), action)
        )

    def denies_everybody(self, action: str, target: str) -> bool:
        """Return whether the statement refuses an action on a target to everybody, as far as its condition holds.

        The target is a bucket's name, or `name/` for all of its objects.
        """
        if self.allows or not all(
            self.body[name].is_missing for name in ("NotPrincipal", "NotAction", "NotResource")
        ):
            return False
        everybody = ("AWS", "*") in self.principals()
        return everybody and _any(self.actions, action) and covers(self.resources, target)

    def is_conditional_on(self, operators: Iterable[str], key: str, value: str) -> bool:
        """Return whether this is the statement's only condition, with this value alone."""
        return any(self.conditions() == [(operator, key.lower(), [value])] for operator in operators)

    def _named_or_all(self, what: str) -> list[str]:
        named = self.body[what]
        return ["*"] if named.is_missing else named.texts()


def statements(document: Property) -> list[Statement]:
    """Return the statements of a document."""
    found = document["Statement"]
    items = [found] if isinstance(found.value, dict) else found.items()
    return [Statement(item, position) for position, item in enumerate(items, start=1)]


def covers(patterns: Iterable[str], target: str) -> bool:
    """Return whether the ARNs cover a bucket (`name`), or all of its objects (`name/`)."""
    wanted = f"{target}{_ANY_OBJECT}" if target.endswith("/") else target
    return any(matches(bucket_part(pattern), wanted) for pattern in patterns)


def bucket_part(arn: str) -> str:
    """Return what an ARN says behind `arn:aws:s3:::`; the whole if it is none of S3."""
    return arn.rpartition(":::")[2]


def has_wildcard(text: str) -> bool:
    """Return whether an action or an ARN stands for several."""
    return "*" in text or "?" in text


def is_wide(arn: str) -> bool:
    """Return whether an ARN stands for several resources, unless these are objects of one bucket."""
    return has_wildcard(arn) and not _IN_ONE_BUCKET.fullmatch(arn)


def matches(pattern: str, text: str) -> bool:
    """Return whether a text matches a pattern of IAM, in which `*` is any text and `?` any character."""
    signs = {"*": ".*", "?": "."}
    expression = "".join(signs.get(sign) or re.escape(sign) for sign in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _is_open(value: str) -> bool:
    """Return whether a condition's value stands for several accounts."""
    return has_wildcard(value) and not _ACCOUNT.search(value)


def _any(patterns: Iterable[str], action: str) -> bool:
    """Return whether an action is one of these; upper and lower case are the same."""
    return any(matches(pattern.lower(), action.lower()) for pattern in patterns)


def allowed_actions(statement: Statement, wanted: Iterable[str]) -> Iterator[str]:
    """Yield those of the actions that a statement allows."""
    if statement.allows:
        yield from (action for action in wanted if _any(statement.actions, action))


def _values(found: Property) -> list[str]:
    """Return the values of a condition; JSON's true and false count as texts."""
    if isinstance(found.value, bool):
        return [str(found.value).lower()]
    return [value.lower() if value.lower() in ("true", "false") else value for value in found.texts()]
