"""Values as the engine sends them: plain JSON, plus which parts are secret and which are not known yet.

On the wire a secret is an object with a signature around the value, an unknown is a marker string and
every number is a float. Here values are ordinary dicts, and secrets are a set of paths beside them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct

Json = dict[str, Any]
Path = tuple[str | int, ...]

# Fixed by Pulumi's protocol: a value that is not known yet, the key that marks a special object, and the mark of
# a secret. The SDK names the first two as well, but takes longer to load than all of a stand-in.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a protocol constant, not a secret

_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True)
class Properties:
    """A resource's properties: `values` without wrappers or nulls, `secrets` as paths into them."""

    values: Json
    secrets: frozenset[Path] = frozenset()

    @classmethod
    def from_struct(cls, struct: Struct) -> "Properties":
        """Read what the engine sent."""
        found: set[Path] = set()
        values = _unwrap(MessageToDict(struct), (), found)
        return cls(values, frozenset(found))

    def to_struct(self) -> Struct:
        """Write it for the engine, with every secret wrapped; a path that leads nowhere is skipped."""
        struct = Struct()
        struct.update(_wrap(self.values, self.secrets))
        return struct

    def has_unknown(self) -> bool:
        """Say whether any part is not known before the update runs."""
        return any(leaf == UNKNOWN for _, leaf in leaves(self.values))


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - any JSON
    """Yield each scalar and each empty container with its path."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def path_text(path: Path) -> str:
    """Write a path as the engine does: `spec.ports[0].name`, `metadata.labels["a/b"]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            text += f".{part}" if text else part
        else:
            escaped = part.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


def _unwrap(value: Any, path: Path, found: set[Path]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        if value.get(_SIGNATURE) == _SECRET:
            found.add(path)
            return _unwrap(value.get("value"), path, found)
        return {key: _unwrap(v, (*path, key), found) for key, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_unwrap(v, (*path, index), found) for index, v in enumerate(value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _wrap(value: Any, secrets: frozenset[Path]) -> Any:  # noqa: ANN401 - any JSON
    if () in secrets:
        inner = _wrap(value, secrets - {()})
        return {_SIGNATURE: _SECRET, "value": inner}
    if not secrets:
        return value
    if isinstance(value, dict):
        return {key: _wrap(v, _below(secrets, key)) for key, v in value.items()}
    if isinstance(value, list):
        return [_wrap(v, _below(secrets, index)) for index, v in enumerate(value)]
    return value


def _below(secrets: frozenset[Path], part: str | int) -> frozenset[Path]:
    return frozenset(path[1:] for path in secrets if path and path[0] == part)
