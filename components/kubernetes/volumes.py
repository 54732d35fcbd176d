"""Volumes: files of a ConfigMap, scratch space, and claims that outlive their Pod."""

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes.scope import Scope
from components.protection import is_kept
from settings.environment import Environment


def config_volume(name: str, config_map: pulumi.Input[str]) -> core.VolumeArgs:
    """Return a volume with the files of a ConfigMap."""
    return core.VolumeArgs(name=name, config_map=core.ConfigMapVolumeSourceArgs(name=config_map))


def scratch_volume(name: str, size_mib: int) -> core.VolumeArgs:
    """Return a volume that is deleted with its Pod."""
    return core.VolumeArgs(name=name, empty_dir=core.EmptyDirVolumeSourceArgs(size_limit=f"{size_mib}Mi"))


def claim_template(scope: Scope, name: str, size_gib: int) -> core.PersistentVolumeClaimArgs:
    """Return the claim of each Pod of a StatefulSet, of `cluster.storage_class` or else the cluster's default.

    Kubernetes allows no later change to it, so it carries only the labels that never change. docs/volumes.md says
    how to enlarge a volume all the same.
    """
    return core.PersistentVolumeClaimArgs(
        metadata=meta.ObjectMetaArgs(name=name, labels=scope.pods),
        spec=core.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=scope.context.cluster.storage_class,
            resources=core.VolumeResourceRequirementsArgs(requests={"storage": f"{size_gib}Gi"}),
        ),
    )


def claim_retention(environment: Environment) -> apps.StatefulSetPersistentVolumeClaimRetentionPolicyArgs:
    """Return whether volumes outlive their StatefulSet; scaling down never deletes one."""
    return apps.StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
        when_deleted="Retain" if is_kept(environment) else "Delete", when_scaled="Retain"
    )
