"""What a run that was cut off left under way: creations of which nobody knows whether they happened."""

from collections.abc import Iterable, Iterator
from typing import Any

_KUBERNETES = "kubernetes:"


def settling_flags(pending: Iterable[dict[str, Any]]) -> list[str]:
    """Return the flags of a refresh that settles the pending operations of a state.

    The id of a Kubernetes object follows from its inputs, so that the refresh finds it, or finds that it is not
    there. Created again by a plugin that knows nothing of it, it would conflict with itself. Any other creation is
    forgotten: what it is called is only known when it has happened.
    """
    flags = [f"--import-pending-creates={part}" for found in _objects(pending) for part in found]
    return [*flags, "--clear-pending-creates"]


def _objects(pending: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield URN and id of each Kubernetes object whose creation was under way."""
    for operation in pending:
        resource = operation["resource"]
        metadata = resource.get("inputs", {}).get("metadata", {})
        if operation["type"] == "creating" and resource["type"].startswith(_KUBERNETES) and "name" in metadata:
            namespace = metadata.get("namespace")
            yield resource["urn"], f"{namespace}/{metadata['name']}" if namespace else metadata["name"]
