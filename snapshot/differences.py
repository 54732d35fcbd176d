"""The paths at which two resources' inputs differ."""

from collections.abc import Iterable, Iterator, Mapping

Path = tuple[str, ...]


def differences(
    old: object, new: object, new_names: frozenset[str] = frozenset(), path: Path = ()
) -> Iterator[Path]:
    """Yield the path of each part of two inputs that differs, or whose text contains one of the new names.

    A list counts as one value, like a text.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from differences(old.get(key), new.get(key), new_names, (*path, key))
    elif old != new or _mentions(new, new_names):
        yield path


def touch(paths: Iterable[Path], others: Iterable[Path]) -> bool:
    """Return whether one of the paths is, contains or lies in one of the others."""
    places = list(others)
    return any(path[: len(place)] == place[: len(path)] for path in paths for place in places)


def _mentions(value: object, names: frozenset[str]) -> bool:
    if isinstance(value, Mapping):
        return any(_mentions(inner, names) for inner in value.values())
    if isinstance(value, list):
        return any(_mentions(inner, names) for inner in value)
    return isinstance(value, str) and any(name in value for name in names)
