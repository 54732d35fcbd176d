"""Schemas of custom resource definitions."""

from typing import Any


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that refuses unknown keys: an API server drops them in silence."""
    found = dict(schema)
    if "properties" in found:
        found["properties"] = {name: closed(inner) for name, inner in found["properties"].items()}
        found.setdefault("additionalProperties", found.get("x-kubernetes-preserve-unknown-fields", False))
    if "items" in found:
        found["items"] = closed(found["items"])
    return found
