"""The difference of two sets of inputs, path by path, in the form that `pulumi preview --diff` shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from lab.emulated.values import Json, Path, path_text


class Kind(Enum):
    """What happened to one path."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Change:
    """One path that differs."""

    path: Path
    kind: Kind
    replaces: bool = False

    def protocol_kind(self) -> "PropertyDiff.Kind.ValueType":
        """Return the protocol's number for this change."""
        name = f"{self.kind.name}_REPLACE" if self.replaces else self.kind.name
        return PropertyDiff.Kind.Value(name)


@dataclass(frozen=True)
class Diff:
    """All paths that differ; `delete_first` when a replacement must wait for the old one to go."""

    changes: tuple[Change, ...] = ()
    delete_first: bool = False

    @property
    def replaces(self) -> bool:
        """Say whether the resource must be replaced."""
        return any(change.replaces for change in self.changes)

    def to_response(self) -> DiffResponse:
        """Write it for the engine."""
        return DiffResponse(
            changes=DiffResponse.DIFF_SOME if self.changes else DiffResponse.DIFF_NONE,
            diffs=sorted({str(change.path[0]) for change in self.changes}),
            replaces=sorted(path_text(change.path) for change in self.changes if change.replaces),
            deleteBeforeReplace=self.replaces and self.delete_first,
            hasDetailedDiff=True,
            detailedDiff={
                path_text(change.path): PropertyDiff(kind=change.protocol_kind(), inputDiff=True)
                for change in self.changes
            },
        )


def compare(old: Json, new: Json, must_replace: Callable[[Path], bool]) -> tuple[Change, ...]:
    """List every path where two inputs differ, marking those for which `must_replace` holds."""
    return tuple(Change(path, kind, replaces=must_replace(path)) for path, kind in _differences(old, new, ()))


def _differences(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Kind]]:  # noqa: ANN401 - any JSON
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _child(old, new, key, path)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            yield from _child(dict(enumerate(old)), dict(enumerate(new)), index, path)
    elif old != new or isinstance(old, bool) is not isinstance(new, bool):
        # In Python True equals 1; in a manifest they are different values.
        yield path, Kind.UPDATE


def _child(old: dict[Any, Any], new: dict[Any, Any], key: str | int, path: Path) -> Iterator[tuple[Path, Kind]]:
    below = (*path, key)
    if key not in old:
        yield below, Kind.ADD
    elif key not in new:
        yield below, Kind.DELETE
    else:
        yield from _differences(old[key], new[key], below)
