"""Parts of a container: hardening, resources, probes, ports, environment."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.core import v1 as core

from plan.containers import LocalDisk
from settings.base import Resources


def container_security() -> core.SecurityContextArgs:
    """Return what the restricted profile requires of a container, and a read-only root file system."""
    return core.SecurityContextArgs(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=core.CapabilitiesArgs(drop=["ALL"]),
    )


def resources(settings: Resources, disk: LocalDisk) -> core.ResourceRequirementsArgs:
    """Return requests and limits of a container."""
    return core.ResourceRequirementsArgs(
        requests=quantities(settings.cpu_request_millicores, settings.memory_request_mib, disk.request_mib),
        limits=quantities(settings.cpu_limit_millicores, settings.memory_limit_mib, disk.limit_mib),
    )


def quantities(cpu_millicores: int, memory_mib: int, disk_mib: int) -> dict[str, str]:
    """Return CPU, memory and local disk in Kubernetes' notation."""
    return {"cpu": f"{cpu_millicores}m", "memory": f"{memory_mib}Mi", "ephemeral-storage": f"{disk_mib}Mi"}


def http_probe(path: str, port: str, period_seconds: int) -> core.ProbeArgs:
    """Return an HTTP probe of a named port; it fails after three failures in a row, Kubernetes' default."""
    return core.ProbeArgs(http_get=core.HTTPGetActionArgs(path=path, port=port), period_seconds=period_seconds)


def tcp_probe(port: str, period_seconds: int) -> core.ProbeArgs:
    """Return a probe that only connects to a named port, for a server that does not speak HTTP."""
    return core.ProbeArgs(tcp_socket=core.TCPSocketActionArgs(port=port), period_seconds=period_seconds)


def go_memory_limit(mib: int) -> core.EnvVarArgs:
    """Return Go's soft memory limit, near which the garbage collector runs more often."""
    return core.EnvVarArgs(name="GOMEMLIMIT", value=f"{mib}MiB")


def go_gc_percentage(percentage: int) -> core.EnvVarArgs:
    """Return how much garbage Go's heap collects before it is collected, as a percentage of what is in use."""
    return core.EnvVarArgs(name="GOGC", value=str(percentage))


def from_secret(variable: str, secret: pulumi.Input[str], key: str) -> core.EnvVarArgs:
    """Return an environment variable with the value of a Secret's key."""
    reference = core.SecretKeySelectorArgs(name=secret, key=key)
    return core.EnvVarArgs(name=variable, value_from=core.EnvVarSourceArgs(secret_key_ref=reference))


def from_field(variable: str, path: str) -> core.EnvVarArgs:
    """Return an environment variable with the value of one of the Pod's fields."""
    field = core.ObjectFieldSelectorArgs(field_path=path)
    return core.EnvVarArgs(name=variable, value_from=core.EnvVarSourceArgs(field_ref=field))


def ports(named: Mapping[str, int]) -> list[core.ContainerPortArgs]:
    """Return named container ports."""
    return [core.ContainerPortArgs(name=name, container_port=port) for name, port in named.items()]
