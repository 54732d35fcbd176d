"""Convert an object once, however many rules read it."""

from collections.abc import Callable
from typing import Any

_Convert = Callable[[Any], Any]


def remembering(convert: _Convert) -> _Convert:
    """Return a function that converts each object once, and answers the same to that very object again.

    Nobody may change what it returns.
    """
    # Messages and dictionaries cannot be keys. What is kept stays alive, so no other object gets its number.
    # A pack lives for one preview.
    kept: dict[int, tuple[Any, Any]] = {}

    def converted(given: Any) -> Any:  # noqa: ANN401 - any message
        if id(given) not in kept:
            kept[id(given)] = given, convert(given)
        return kept[id(given)][1]

    return converted
