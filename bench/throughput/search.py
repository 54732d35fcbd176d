"""Find the highest rate that holds."""

from collections.abc import Callable
from typing import Protocol, TypeVar


class Tried(Protocol):
    """A try, and whether its rate was held."""

    @property
    def held(self) -> bool:
        """Whether nothing was refused or lost."""
        ...


Result = TypeVar("Result", bound=Tried)


def search(
    start: float, attempt: Callable[[float], Result], tries: int, lower: Callable[[Result], float]
) -> list[Result]:
    """Try rates from `start` down until one holds, `tries` at most; return all of them.

    `lower` names the next rate after one that did not hold. It goes down, not up, because what an overloaded
    gateway does depends on how it got there: each try is fresh.
    """
    found, rate = [attempt(start)], start
    while not found[-1].held and len(found) < tries:
        rate = min(rate, lower(found[-1]))
        found.append(attempt(rate))
    return found


def best(found: list[Result]) -> Result | None:
    """Return the try that held, if any did."""
    return next((each for each in found if each.held), None)
