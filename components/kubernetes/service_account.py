"""Service accounts, none of which mounts its token by default."""

from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes.scope import Scope


def service_account(
    scope: Scope,
    metadata: meta.ObjectMetaArgs | None = None,
    role: str = "account",
) -> core.ServiceAccount:
    """Create the workload's account; a Pod that calls the Kubernetes API mounts the token itself."""
    return core.ServiceAccount(
        scope.child(role),
        metadata=metadata or scope.metadata(),
        automount_service_account_token=False,
        opts=scope.options,
    )
