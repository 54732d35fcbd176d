"""Limits that hold for every container, whatever runs in it."""

from dataclasses import dataclass

# The Go runtime collects garbage harder near this limit, before the kernel kills the process. The collector's
# README recommends 80 % of the container's memory limit.
GO_MEMORY_LIMIT_PERCENTAGE = 80
# Log files that a kubelet keeps of a container: containerLogMaxFiles 5 of containerLogMaxSize 10Mi, its defaults.
_LOGS_MIB = 50
# Some clusters keep more (AKS: 5 of 50Mi), and a file grows past its size until the kubelet's next look at it. A
# container over its limit is evicted, so the limit only stops a flood of log lines.
_LOGS_LIMIT_MIB = 1024


@dataclass(frozen=True, kw_only=True)
class LocalDisk:
    """Disk of its node that a container takes, in MiB: its scratch volumes and its log files.

    The scheduler reserves the request. The kubelet evicts a Pod above the limit.
    """

    request_mib: int
    limit_mib: int


def go_memory_limit_mib(container_limit_mib: int) -> int:
    """Return GOMEMLIMIT for a container's memory limit, in MiB."""
    return container_limit_mib * GO_MEMORY_LIMIT_PERCENTAGE // 100


def local_disk(scratch_limit_mib: int = 0, scratch_request_mib: int | None = None) -> LocalDisk:
    """Return the disk of a container with scratch volumes of this size together, in MiB.

    `scratch_request_mib` is what they usually hold, by default all of it. The limit is above what the volumes
    and the log files can reach together, because each of them has a limit of its own.
    """
    usual = scratch_limit_mib if scratch_request_mib is None else scratch_request_mib
    return LocalDisk(request_mib=usual + _LOGS_MIB, limit_mib=scratch_limit_mib + _LOGS_LIMIT_MIB)
