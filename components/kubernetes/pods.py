"""Pods that meet the restricted Pod Security profile and run on Linux nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pulumi
from pulumi_kubernetes.core import v1 as core

from components.context import Context

# An id that no image uses, so that a process owns no file of its image.
_USER_ID = 10001
CONFIG_CHECKSUM = "checksum/config"
# Kubernetes' default, set explicitly for programs that stop at once and hold nothing that needs more time.
SHORT_GRACE_SECONDS = 30
# All images are Linux images; a cluster with Windows nodes need not taint them.
_LINUX = MappingProxyType({"kubernetes.io/os": "linux"})


@dataclass(frozen=True, kw_only=True)
class PodArgs:
    """The choices of a workload; `grace_seconds` None is Kubernetes' default."""

    context: Context
    service_account: pulumi.Input[str]
    container: core.ContainerArgs
    sidecars: Sequence[core.ContainerArgs] = ()
    volumes: Sequence[core.VolumeArgs] = ()
    grace_seconds: int | None = None
    mount_service_account_token: bool = False
    restart_policy: str | None = None
    affinity: core.AffinityArgs | None = None
    spread: Sequence[core.TopologySpreadConstraintArgs] = ()
    tolerations: Sequence[core.TolerationArgs] = ()
    priority_class: pulumi.Input[str] | None = None


def pod(args: PodArgs) -> core.PodSpecArgs:
    """Return a Pod that meets the restricted profile."""
    return core.PodSpecArgs(
        service_account_name=args.service_account,
        automount_service_account_token=args.mount_service_account_token,
        enable_service_links=False,
        restart_policy=args.restart_policy,
        termination_grace_period_seconds=args.grace_seconds,
        security_context=_pod_security(),
        image_pull_secrets=_pull_secrets(args.context),
        priority_class_name=args.priority_class,
        node_selector=dict(_LINUX),
        affinity=args.affinity,
        topology_spread_constraints=list(args.spread) or None,
        tolerations=list(args.tolerations) or None,
        containers=[args.container, *args.sidecars],
        volumes=list(args.volumes) or None,
    )


def _pull_secrets(context: Context) -> list[core.LocalObjectReferenceArgs] | None:
    return [core.LocalObjectReferenceArgs(name=name) for name in context.pull_secrets] or None


def _pod_security() -> core.PodSecurityContextArgs:
    """Return what the restricted profile requires of a Pod; its volumes belong to its group."""
    return core.PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=_USER_ID,
        run_as_group=_USER_ID,
        fs_group=_USER_ID,
        # Only when the volume's root has another group, so that a large volume is not walked at each start.
        fs_group_change_policy="OnRootMismatch",
        seccomp_profile=core.SeccompProfileArgs(type="RuntimeDefault"),
    )
