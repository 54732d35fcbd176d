"""What every container and Pod of this program has in common: hardening, resources, probes, environment."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apps import v1 as apps
from pulumi_kubernetes.core import v1 as core
from pulumi_kubernetes.meta import v1 as meta

from components.kubernetes.labels import selector
from settings.base import Resources
from settings.environment import Environment

# An id that exists in no image: files of the image belong to others.
_USER_ID = 10001
CONFIG_CHECKSUM = "checksum/config"
# Kubernetes' own default, said where a program ends as soon as it is told to: nothing it holds needs more time.
SHORT_GRACE_SECONDS = 30


def pod_security() -> core.PodSecurityContextArgs:
    """Return what the restricted Pod Security profile asks of a Pod; volumes belong to its group."""
    return core.PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=_USER_ID,
        run_as_group=_USER_ID,
        fs_group=_USER_ID,
        # Only when the volume's root is not the group's already: a large volume is not walked at each start.
        fs_group_change_policy="OnRootMismatch",
        seccomp_profile=core.SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security() -> core.SecurityContextArgs:
    """Return what the restricted profile asks of a container, and a read-only root file system."""
    return core.SecurityContextArgs(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=core.CapabilitiesArgs(drop=["ALL"]),
    )


def resources(settings: Resources) -> core.ResourceRequirementsArgs:
    """Return requests and limits of a container."""
    return core.ResourceRequirementsArgs(
        requests=quantities(settings.cpu_request_millicores, settings.memory_request_mib),
        limits=quantities(settings.cpu_limit_millicores, settings.memory_limit_mib),
    )


def quantities(cpu_millicores: int, memory_mib: int) -> dict[str, str]:
    """Return CPU and memory in Kubernetes' notation."""
    return {"cpu": f"{cpu_millicores}m", "memory": f"{memory_mib}Mi"}


def http_probe(path: str, port: str, period_seconds: int) -> core.ProbeArgs:
    """Return an HTTP probe of a named port; three failures in a row count, Kubernetes' default."""
    return core.ProbeArgs(http_get=core.HTTPGetActionArgs(path=path, port=port), period_seconds=period_seconds)


def tcp_probe(port: str, period_seconds: int) -> core.ProbeArgs:
    """Return a probe that only connects to a named port, for a server that does not speak HTTP."""
    return core.ProbeArgs(tcp_socket=core.TCPSocketActionArgs(port=port), period_seconds=period_seconds)


def go_memory_limit(mib: int) -> core.EnvVarArgs:
    """Return the soft limit at which Go's garbage collector works harder."""
    return core.EnvVarArgs(name="GOMEMLIMIT", value=f"{mib}MiB")


def from_secret(variable: str, secret: pulumi.Input[str], key: str) -> core.EnvVarArgs:
    """Return an environment variable that the kubelet fills from a Secret."""
    reference = core.SecretKeySelectorArgs(name=secret, key=key)
    return core.EnvVarArgs(name=variable, value_from=core.EnvVarSourceArgs(secret_key_ref=reference))


def from_field(variable: str, path: str) -> core.EnvVarArgs:
    """Return an environment variable that the kubelet fills from the Pod itself."""
    field = core.ObjectFieldSelectorArgs(field_path=path)
    return core.EnvVarArgs(name=variable, value_from=core.EnvVarSourceArgs(field_ref=field))


def config_map(
    name: str,
    parent: pulumi.Resource,
    namespace: pulumi.Input[str],
    labels: Mapping[str, str],
    files: Mapping[str, str],
) -> core.ConfigMap:
    """Return an immutable ConfigMap whose name is generated anew with its contents.

    With a fixed name a changed text would mean: delete, make anew, and with it everything that mounts
    it, volumes included. With a new name the workload is updated in place, and rolls back whole.
    """
    return core.ConfigMap(
        name,
        metadata=meta.ObjectMetaArgs(namespace=namespace, labels=dict(labels)),
        data=dict(files),
        immutable=True,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def config_volume(name: str, config_map: pulumi.Input[str]) -> core.VolumeArgs:
    """Return a volume with the files of a ConfigMap."""
    return core.VolumeArgs(name=name, config_map=core.ConfigMapVolumeSourceArgs(name=config_map))


def scratch_volume(name: str, size_mib: int) -> core.VolumeArgs:
    """Return a volume that lives as long as the Pod."""
    return core.VolumeArgs(name=name, empty_dir=core.EmptyDirVolumeSourceArgs(size_limit=f"{size_mib}Mi"))


def ports(named: Mapping[str, int]) -> list[core.ContainerPortArgs]:
    """Return named container ports."""
    return [core.ContainerPortArgs(name=name, container_port=port) for name, port in named.items()]


def service_ports(named: Mapping[str, int]) -> list[core.ServicePortArgs]:
    """Return Service ports that lead to the container ports of the same names."""
    return [core.ServicePortArgs(name=name, port=port, target_port=name) for name, port in named.items()]


def claim_template(name: str, size_gib: int, component: str) -> core.PersistentVolumeClaimArgs:
    """Return the volume that each Pod of a StatefulSet gets, of the cluster's default class.

    Nothing of it can be changed later, so it has only the labels that never do. How a volume is enlarged all the
    same: docs/volumes.md.
    """
    return core.PersistentVolumeClaimArgs(
        metadata=meta.ObjectMetaArgs(name=name, labels=selector(component)),
        spec=core.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            resources=core.VolumeResourceRequirementsArgs(requests={"storage": f"{size_gib}Gi"}),
        ),
    )


def claim_retention(environment: Environment) -> apps.StatefulSetPersistentVolumeClaimRetentionPolicyArgs:
    """Return whether volumes outlive their StatefulSet; scaling down never deletes one."""
    kept = environment.protect_stateful or environment.retain_stateful_on_delete
    return apps.StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
        when_deleted="Retain" if kept else "Delete", when_scaled="Retain"
    )


def stateful(parent: pulumi.Resource, environment: Environment) -> pulumi.ResourceOptions:
    """Return the options of a child that holds data, with the environment's care."""
    return pulumi.ResourceOptions(
        parent=parent,
        protect=environment.protect_stateful,
        retain_on_delete=environment.retain_stateful_on_delete,
    )
