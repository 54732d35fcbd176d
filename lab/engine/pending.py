"""What a run that was cut off left under way: creations of which nobody knows whether they happened."""

from typing import Any

_KUBERNETES = "kubernetes:"


def settled(deployment: dict[str, Any]) -> dict[str, Any]:
    """Return a state's deployment without pending operations.

    A Kubernetes object whose creation was under way is counted as there, under the id that follows from its
    inputs: a refresh finds it, or finds that it is not. Created again by a plugin that knows nothing of it, it
    would conflict with itself. Any other creation is forgotten: what it is called is known once it has happened.
    """
    pending = deployment.get("pending_operations", [])
    resources = deployment.get("resources", [])
    known = {resource["urn"] for resource in resources}
    found = [_created(operation["resource"]) for operation in pending if operation["type"] == "creating"]
    added = [resource for resource in found if resource and resource["urn"] not in known]
    rest = {key: value for key, value in deployment.items() if key != "pending_operations"}
    return rest | {"resources": [*resources, *added]}


def _created(resource: dict[str, Any]) -> dict[str, Any] | None:
    """Return a resource as if its creation had ended, None when its id does not follow from its inputs."""
    inputs = resource.get("inputs", {})
    metadata = inputs.get("metadata", {})
    if not resource["type"].startswith(_KUBERNETES) or "name" not in metadata:
        return None
    namespace = f"{metadata['namespace']}/" if "namespace" in metadata else ""
    return resource | {"id": namespace + metadata["name"], "outputs": inputs}
