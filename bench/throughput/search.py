"""Find the highest rate that holds."""

from collections.abc import Callable
from typing import Protocol, TypeVar


class _Tried(Protocol):
    @property
    def held(self) -> bool: ...


_Result = TypeVar("_Result", bound=_Tried)


def search(start: float, attempt: Callable[[float], _Result], tries: int, step: float) -> list[_Result]:
    """Try rates from `start` down, each `step` (below 1) times the one before, until one holds; return all tries.

    It goes down, not up, because what an overloaded gateway does depends on how it got there: each try is fresh.
    """
    found: list[_Result] = []
    for number in range(tries):
        found.append(attempt(start * step**number))
        if found[-1].held:
            break
    return found


def best(found: list[_Result]) -> _Result | None:
    """Return the try that held, if any did."""
    return next((each for each in found if each.held), None)
