"""ConfigMaps: immutable ones whose name follows their contents, and those that a running process reloads."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.core import v1 as core

from components.kubernetes.scope import Scope


def config_map(scope: Scope, files: Mapping[str, pulumi.Input[str]], role: str = "config") -> core.ConfigMap:
    """Create an immutable ConfigMap with a generated name, which changes with its contents.

    With a fixed name, a content change would delete and recreate the ConfigMap and everything that mounts it,
    volumes included. With a new name the workload is updated in place, and a rollback restores the old files too.
    """
    return core.ConfigMap(
        scope.child(role),
        metadata=scope.unnamed_metadata(),
        data=dict(files),
        immutable=True,
        opts=scope.options,
    )


def reloaded_config_map(scope: Scope, name: str, files: Mapping[str, str], role: str) -> core.ConfigMap:
    """Create a ConfigMap with a fixed name that is updated in place, for files that a running process reloads.

    The provider must have `enable_config_map_mutable`: otherwise the plugin deletes and recreates it when its
    contents change. Mount it as a folder: the kubelet never updates a `subPath`.
    """
    return core.ConfigMap(scope.child(role), metadata=scope.metadata(name), data=dict(files), opts=scope.options)
