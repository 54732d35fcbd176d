"""What a rule is: a pure check, with what people need to know when it refuses their change."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policies.resources import Resource, Stack
from policies.unjudged import UnjudgedError


class Severity(Enum):
    """What a violation would lead to."""

    CRITICAL = "critical"  # traces or access are lost or laid open
    HIGH = "high"  # a promise of the platform is broken
    MEDIUM = "medium"  # a fault has a wider effect than it should
    LOW = "low"  # people lose time


class Bounds(BaseModel):
    """The configuration of a rule; a rule with bounds of its own adds fields with defaults and descriptions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reasons: dict[str, str] = Field({}, description="Why each of the other values is what it is.")


_Bounds = TypeVar("_Bounds", bound=Bounds)


@dataclass(frozen=True)
class Violation:
    """A resource, None for the stack as a whole, and a sentence that says what to change.

    No sentence contains a value that may be a secret.
    """

    resource: Resource | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class _Rule(Generic[_Bounds]):
    """What both kinds of rules have.

    - `name`: as in `policies/config/*.json`, `<what>-<verb>-<detail>`.
    - `promise`: what holds when the rule is met, one sentence.
    - `to_do`: how to repair a violation.
    - `controls`: the ids of the controls that it helps to meet, as listed in `policies/controls.toml`.
    - `bounds`: the model of its configuration.
    """

    name: str
    promise: str
    severity: Severity
    to_do: str
    controls: tuple[str, ...] = ()
    bounds: type[_Bounds] = Bounds  # type: ignore[assignment]  # a rule without bounds of its own

    def bounded(self, config: Mapping[str, Any]) -> _Bounds:
        """Return the bounds in the rule's configuration; UnjudgedError if that is not valid."""
        try:
            return self.bounds.model_validate(config)
        except ValidationError as error:
            names = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
            raise UnjudgedError(f"the rule's configuration is not valid at {names}") from None


@dataclass(frozen=True, kw_only=True)
class ResourceRule(_Rule[_Bounds]):
    """A rule for each resource of some types; the engine checks it before the resource is created or changed.

    `types` may end with a star: `kubernetes:*`.
    """

    types: Sequence[str]
    check: Callable[[Resource, _Bounds], Iterable[str]]

    def concerns(self, type_: str) -> bool:
        """Return whether the rule is for the resources of a type."""
        return any(fnmatchcase(type_, pattern) for pattern in self.types)

    def violations(self, resource: Resource, config: Mapping[str, Any]) -> list[Violation]:
        """Return what is wrong with a resource; one that cannot be judged is wrong."""
        if not self.concerns(resource.type):
            return []

        def check() -> Iterator[Violation]:
            for sentence in self.check(resource, self.bounded(config)):
                yield Violation(resource, sentence)

        return _judged(check, resource)


@dataclass(frozen=True, kw_only=True)
class StackRule(_Rule[_Bounds]):
    """A rule for resources together; the engine checks it at the end of a preview or an update."""

    check: Callable[[Stack, _Bounds], Iterable[Violation]]

    def violations(self, stack: Stack, config: Mapping[str, Any]) -> list[Violation]:
        """Return what is wrong with a stack; one that cannot be judged is wrong."""
        return _judged(lambda: self.check(stack, self.bounded(config)), None)


Rule = ResourceRule[Any] | StackRule[Any]


def _judged(check: Callable[[], Iterable[Violation]], resource: Resource | None) -> list[Violation]:
    """Return the violations that a check yields; an error of the check is one more, of the resource.

    An exception that left a rule would end the whole update with a traceback, and an unknown value that the SDK
    reported would be advice only.
    """
    found: list[Violation] = []
    try:
        found.extend(check())  # what was yielded before an error stays
    except UnjudgedError as error:
        found.append(Violation(resource, f"This cannot be judged and is therefore refused: {error}."))
    except Exception as error:  # noqa: BLE001 - any other shape of a resource than the rule's author knew
        what = f"{type(error).__name__} in the rule"
        found.append(Violation(resource, f"This cannot be judged and is therefore refused: {what}."))
    return found
