"""Kubernetes resources as manifests, one a file, so that a finding's file names its resource."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from scan.resource import KUBERNETES, Resource

_SUFFIX = ".yaml"


def manifests(resources: Iterable[Resource]) -> dict[str, str]:
    """Return the manifest of each Kubernetes object by its file's name; other resources are left out.

    What the plugin would add is added here: version and kind by the type, and a name after the resource's.
    """
    objects = (resource for resource in resources if resource.type.startswith(KUBERNETES))
    return {f"{found.name}{_SUFFIX}": yaml.safe_dump(_whole(found)) for found in objects}


def resource_of(file: str) -> str:
    """Return the logical name of the resource in a file, given by its name or path."""
    return file.rpartition("/")[2].removesuffix(_SUFFIX)


def _whole(resource: Resource) -> Mapping[str, Any]:
    _, version, kind = resource.type.split(":")
    metadata = resource.inputs.get("metadata") or {}
    return {
        # The group of the API's first objects has no name.
        "apiVersion": version.removeprefix("core/"),
        "kind": kind,
        **resource.inputs,
        "metadata": {"name": resource.name, **metadata},
    }
