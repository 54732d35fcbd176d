"""Run the checks: each is a function from a stack's needs and the facts to findings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ready.facts import Facts, NotSeenError
from ready.finding import Finding, not_seen
from ready.needs import Needs


@dataclass(frozen=True)
class Check:
    """A check and the requirement that it is about, for the case that a fact could not be read."""

    requirement: str
    run: Callable[[Needs, Facts], Iterator[Finding]]

    def findings(self, needs: Needs, facts: Facts) -> Iterator[Finding]:
        """Yield its findings; one that a fact was missing for says why."""
        try:
            yield from self.run(needs, facts)
        except NotSeenError as error:
            yield not_seen(self.requirement, str(error))
