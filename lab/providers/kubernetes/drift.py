"""What somebody else changed of what was applied: the inputs that would describe the live object."""

import base64
from typing import Any

from lab.providers.values import Json

# Parts of `metadata` that the server writes, and that no program would.
_SERVERS_OWN = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")


def drifted(inputs: Json, reference: Json, live: Json) -> Json:
    """Return the inputs, with the live value wherever the live object differs from `reference`.

    `reference` is what the server would make of the inputs now (a dry run), so its defaults and its
    spelling of quantities are no difference.
    """
    return _map(inputs, _decoded(reference), _decoded(live))


def importable(live: Json) -> Json:
    """Return the live object as a program could have written it."""
    metadata = {key: value for key, value in live["metadata"].items() if key not in _SERVERS_OWN}
    return {key: value for key, value in live.items() if key != "status"} | {"metadata": metadata}


def _map(inputs: Json, reference: Json, live: Json) -> Json:
    kept = (key for key in inputs if key in live or key not in reference)
    return {key: _value(inputs[key], reference.get(key), live.get(key)) for key in kept}


def _value(given: Any, reference: Any, live: Any) -> Any:  # noqa: ANN401 - any JSON
    if reference == live:
        return given
    if isinstance(given, dict) and isinstance(reference, dict) and isinstance(live, dict):
        return _map(given, reference, live)
    lists = isinstance(given, list) and isinstance(reference, list) and isinstance(live, list)
    if lists and len(given) == len(reference) == len(live):
        return [_value(*three) for three in zip(given, reference, live, strict=True)]
    return live


def _decoded(secret: Json) -> Json:
    """Give a Secret the `stringData` that its `data` stands for; the server forgets it."""
    if secret.get("kind") != "Secret" or "stringData" in secret:
        return secret
    data = secret.get("data") or {}
    text = {key: base64.b64decode(value).decode(errors="replace") for key, value in data.items()}
    return {**secret, "stringData": text}
