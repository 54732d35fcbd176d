"""ConfigMaps whose name follows their contents."""

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
