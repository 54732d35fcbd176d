"""Containers stay isolated from the kernel and from each other's profiles."""

from collections.abc import Iterator

from policies.pods import WORKLOADS, containers, name_of, pod_spec
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

# From the baseline profile of the Pod Security Standards.
_SAFE_SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
)
_SELINUX_TYPES = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")


def check(workload: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each container, or the Pod, that gives up isolation."""
    pod = pod_spec(workload)["securityContext"]
    yield from _weakened(pod, "the Pod")
    for sysctl in pod["sysctls"].items():
        if sysctl["name"].text() not in _SAFE_SYSCTLS:
            yield f"the Pod sets the kernel parameter {sysctl['name'].text()}, which is none of the safe ones."
    for container in containers(workload):
        security = container["securityContext"]
        if security["privileged"].flag(False):
            yield f"{name_of(container)} is privileged."
        if security["procMount"].text("Default") != "Default":
            yield f"{name_of(container)} sees /proc unmasked."
        yield from _weakened(security, name_of(container))


def _weakened(security: Property, whose: str) -> Iterator[str]:
    selinux = security["seLinuxOptions"]
    if selinux["type"].text("") not in _SELINUX_TYPES or selinux["user"].text("") or selinux["role"].text(""):
        yield f"{whose} has SELinux options that weaken its isolation."
    if security["appArmorProfile"]["type"].text("RuntimeDefault") == "Unconfined":
        yield f"{whose} has no AppArmor profile."
    if security["windowsOptions"]["hostProcess"].flag(False):
        yield f"{whose} runs as a process of a Windows node."


RULE = ResourceRule(
    name="pods-stay-isolated",
    promise="No container is privileged or leaves the kernel's isolation of containers.",
    severity=Severity.CRITICAL,
    to_do="Remove that field from the securityContext.",
    controls=("CIS Kubernetes 1.12 5.2.2", "CIS Kubernetes 1.12 5.6.3", "NSA C-0057"),
    types=WORKLOADS,
    check=check,
)
