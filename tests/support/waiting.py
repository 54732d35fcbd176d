"""Wait for a condition; this module imports nothing of the product, so any test can use it."""

import time
from collections.abc import Callable
from typing import TypeVar

_POLL_SECONDS = 0.3
_Value = TypeVar("_Value")


def eventually(condition: Callable[[], _Value | None], what: str, seconds: float = 60.0) -> _Value:
    """Wait until `condition` returns something true and return it; fail, naming `what`, when it never does.

    A server that does not answer yet is asked again: `requests` and files that are missing raise an OSError.
    """
    deadline = time.monotonic() + seconds
    while True:
        reason = None
        try:
            if got := condition():
                return got
        except OSError as error:
            reason = error
        if time.monotonic() >= deadline:
            raise AssertionError(f"after {seconds:.0f} s it is still not true that {what}") from reason
        time.sleep(_POLL_SECONDS)
