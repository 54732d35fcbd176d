"""What a change of each setting does to a stack: the program is run with the change and compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plan.limits import checked_plan
from settings.loader import parse, sections_of
from settings.problems import Problem, SettingsError
from settings.project import PROJECT
from snapshot.changes import SERVERS, Change, changes
from snapshot.examples import Example, Given, examples
from snapshot.program import record_program, stack_config
from snapshot.recorder import Registration


@dataclass(frozen=True)
class Outcome:
    """A changed setting and what it does.

    `problem` is the one for which the checks refuse it; otherwise `changes` are those of the resources.
    """

    example: Example
    problem: Problem | None
    changes: tuple[Change, ...] = ()


class Outcomes:
    """The rows of one stack, each measured on demand: a run of the program takes a quarter of a second."""

    def __init__(self, path: Path, stack: str, table: Mapping[str, Sequence[Given]]) -> None:
        """Read the stack file and run the program once, unchanged."""
        self._stack, self._config = stack, stack_config(path)
        self._sections = sections_of(self._config)
        self._before = self._recorded(self._sections)
        self.rows = list(examples(parse(self._sections), table))

    @property
    def servers(self) -> tuple[str, ...]:
        """The logical names of all workloads of the unchanged stack."""
        return tuple(resource.name for resource in self._before if resource.type in SERVERS)

    def all(self) -> Iterator[Outcome]:
        """Measure every row."""
        return map(self.outcome, self.rows)

    def outcome(self, alternatives: Sequence[Example]) -> Outcome:
        """Return what the first accepted alternative does; where none is accepted, why the first is refused."""
        refusals = []
        for example in alternatives:
            sections = example.applied(self._sections)
            if (problem := _refusal(sections)) is None:
                return Outcome(example, None, tuple(changes(self._before, self._recorded(sections))))
            refusals.append(problem)
        return Outcome(alternatives[0], refusals[0])

    def _recorded(self, sections: Mapping[str, Any]) -> list[Registration]:
        config = self._config | {f"{PROJECT}:{name}": section for name, section in sections.items()}
        return record_program(config, self._stack).registrations


def _refusal(sections: Mapping[str, Any]) -> Problem | None:
    """Return the first problem of a changed stack file, None if it is accepted."""
    try:
        checked_plan(parse(sections))
    except SettingsError as error:
        return error.problems[0]
    return None
