"""Limits that hold for every container, whatever runs in it."""

# The Go runtime collects garbage harder near this limit, before the kernel kills the process. The collector's
# README recommends 80 % of the container's memory limit.
GO_MEMORY_LIMIT_PERCENTAGE = 80


def go_memory_limit_mib(container_limit_mib: int) -> int:
    """Return GOMEMLIMIT for a container's memory limit, in MiB."""
    return container_limit_mib * GO_MEMORY_LIMIT_PERCENTAGE // 100
