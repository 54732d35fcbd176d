"""What the provider adds to a program's inputs: a name, a namespace, and what must stay secret."""

import hashlib

from lab.providers.plugin import Urn
from lab.providers.values import UNKNOWN, Json, Path, Properties

# Marks a name that was made here, so that a replacement gets another one.
AUTONAMED = "pulumi.com/autonamed"
# A name must fit in a label (63) with room for what controllers append to it.
_LONGEST = 52
_SUFFIX = 8


def complete(urn: Urn, old: Properties | None, new: Properties, seed: bytes) -> Properties:
    """Give the object its name and mark the contents of a Secret as secret."""
    values = dict(new.values)
    values["metadata"] = dict(values.get("metadata", {}))
    if "name" not in values["metadata"]:
        _name(values["metadata"], urn, old, seed)
    return Properties(values, new.secrets | secret_paths(values))


def default_namespace(values: Json, namespace: str, *, namespaced: bool) -> None:
    """Put the object into `namespace` unless it names one; a cluster-wide object has none."""
    if not namespaced:
        values["metadata"].pop("namespace", None)
    elif not values["metadata"].get("namespace"):
        values["metadata"]["namespace"] = namespace


def autonamed(values: Json) -> bool:
    """Say whether the name was made here."""
    return str(values["metadata"].get("annotations", {}).get(AUTONAMED)) == "true"


def secret_paths(values: Json) -> frozenset[Path]:
    """Return the parts of this kind that hold secrets, whatever the program said of them."""
    if values.get("kind") == "Secret" and values.get("apiVersion") == "v1":
        return frozenset((part,) for part in ("data", "stringData") if part in values)
    return frozenset()


def output_secrets(inputs: Properties, live: Json) -> frozenset[Path]:
    """Return the parts of a live object that came from secret inputs.

    The server may reorder or extend a list, so a secret inside one hides the list.
    """
    cut = (_up_to_list(path) for path in inputs.secrets)
    return frozenset(cut) | secret_paths(live)


def _name(metadata: Json, urn: Urn, old: Properties | None, seed: bytes) -> None:
    before = old.values.get("metadata", {}) if old else {}
    made_before = before.get("annotations", {}).get(AUTONAMED) and before.get("name") != UNKNOWN
    metadata["name"] = before["name"] if made_before else _new_name(urn.name, seed)
    metadata["annotations"] = {**metadata.get("annotations", {}), AUTONAMED: "true"}


def _new_name(logical: str, seed: bytes) -> str:
    suffix = hashlib.sha256(seed).hexdigest()[:_SUFFIX]
    return f"{logical[: _LONGEST - _SUFFIX - 1].lower()}-{suffix}"


def _up_to_list(path: Path) -> Path:
    indexes = [place for place, part in enumerate(path) if isinstance(part, int)]
    return path[: indexes[0]] if indexes else path
