"""Wait for a condition; this module imports nothing of the product, so any test can use it."""

import time
from collections.abc import Callable
from typing import TypeVar

_POLL_SECONDS = 0.3
_Value = TypeVar("_Value")


def eventually(condition: Callable[[], _Value | None], what: str, seconds: float = 60.0) -> _Value:
    """Wait until `condition` returns something true and return it; fail, naming `what`, when it never does."""
    deadline = time.monotonic() + seconds
    while not (got := condition()):
        assert time.monotonic() < deadline, f"after {seconds:.0f} s it is still not true that {what}"
        time.sleep(_POLL_SECONDS)
    return got
