"""The cases of a rule: one that passes, one that is refused, one without a property, one with an unknown value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.policy_engine import Given


@dataclass(frozen=True)
class Case:
    """Resources, and a part of each sentence that the rule says of them in any order; none: they pass.

    `config` is the rule's configuration where it differs from the defaults. `stack_config` is what the stack file
    has below `config:`, for rules about declared settings.
    """

    resources: Sequence[Given]
    says: Sequence[str] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    stack_config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Cases:
    """The cases that every rule has, and `more` of its own by a few words on each.

    `missing`: a property that the rule reads is missing. `unknown`: a value that it reads is known only after the
    update; such a case is refused unless the rule can join the resources by their dependencies.
    """

    passes: Case
    fails: Case
    missing: Case
    unknown: Case
    more: Mapping[str, Case] = field(default_factory=dict)

    def all(self) -> dict[str, Case]:
        """Return every case by name."""
        named = {"passes": self.passes, "fails": self.fails, "missing": self.missing, "unknown": self.unknown}
        return named | dict(self.more)
