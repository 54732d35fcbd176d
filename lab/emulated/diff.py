"""The difference of two sets of inputs, path by path, in the form that `pulumi preview --diff` shows."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from lab.emulated.values import Json

Path = tuple[str | int, ...]
Kind = Literal["ADD", "DELETE", "UPDATE"]

_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True)
class Change:
    """One path that differs."""

    path: Path
    kind: Kind
    replaces: bool = False

    def to_property_diff(self) -> PropertyDiff:
        """Return the change in the protocol's form."""
        name = f"{self.kind}_REPLACE" if self.replaces else self.kind
        return PropertyDiff(kind=PropertyDiff.Kind.Value(name), inputDiff=True)


def compare(old: Json, new: Json, must_replace: Callable[[Path], bool]) -> tuple[Change, ...]:
    """Return every path where two sets of inputs differ, marking those for which `must_replace` holds."""
    return tuple(Change(path, kind, must_replace(path)) for path, kind in _differences(old, new, ()))


def to_response(changes: tuple[Change, ...]) -> DiffResponse:
    """Return the changes as the engine takes them."""
    return DiffResponse(
        changes=DiffResponse.DIFF_SOME if changes else DiffResponse.DIFF_NONE,
        diffs=sorted({str(change.path[0]) for change in changes}),
        replaces=sorted(path_text(change.path) for change in changes if change.replaces),
        hasDetailedDiff=True,
        detailedDiff={path_text(change.path): change.to_property_diff() for change in changes},
    )


def path_text(path: Path) -> str:
    """Return a path as the engine writes it: `rules[0].name`, `tags["a/b"]`."""
    text = ""
    for part in path:
        if isinstance(part, str) and _PLAIN_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def _differences(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Kind]]:  # noqa: ANN401 - any JSON
    if isinstance(old, list) and isinstance(new, list):
        yield from _differences(dict(enumerate(old)), dict(enumerate(new)), path)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            below = (*path, key)
            if key not in old:
                yield below, "ADD"
            elif key not in new:
                yield below, "DELETE"
            else:
                yield from _differences(old[key], new[key], below)
    elif old != new or isinstance(old, bool) is not isinstance(new, bool):
        # In Python True equals 1; to a service they are different values.
        yield path, "UPDATE"
