"""Properties as the engine sends them: plain JSON, plus the names of those that are secret.

On the wire a secret is an object with a signature around the value, an unknown value is a marker string and every
number is a float. Here values are ordinary dicts.
"""

import json
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct

Json = dict[str, Any]

# Fixed by Pulumi's protocol: the marker of a value that is not known yet, the key that marks a special object, and
# the mark of a secret. The SDK names the first two as well, but takes longer to load than all of a plugin.
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a protocol constant, not a secret


@dataclass(frozen=True)
class Properties:
    """A resource's properties: `values` without wrappers or nulls, `secrets` the names of those to hide.

    The protocol marks secrets at any depth. Here a property that holds one is secret as a whole: services return
    lists in an order of their own, so a path into one may lead to another item later.
    """

    values: Json
    secrets: frozenset[str] = frozenset()

    @classmethod
    def from_struct(cls, struct: Struct) -> "Properties":
        """Read what the engine sent."""
        sent = MessageToDict(struct)
        secrets = frozenset(name for name, value in sent.items() if _SECRET in json.dumps(value))
        return cls(_plain(sent), secrets)

    def to_struct(self) -> Struct:
        """Write the properties for the engine; names in `secrets` without a value are skipped."""
        struct = Struct()
        hidden = self.secrets & self.values.keys()
        signed = {name: {_SIGNATURE: _SECRET, "value": self.values[name]} for name in hidden}
        struct.update({**self.values, **signed})
        return struct

    def has_unknown(self) -> bool:
        """Return whether any part is not known before the update runs."""
        return UNKNOWN in json.dumps(self.values)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the value without signatures and nulls, with integers where numbers are whole."""
    if isinstance(value, dict):
        if value.get(_SIGNATURE) == _SECRET:
            return _plain(value.get("value"))
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
