"""Containers reserve and limit CPU, memory and disk."""

from collections.abc import Iterator

from pydantic import Field

from policies.pods import WORKLOADS, containers, name_of
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class ResourceBounds(Bounds):
    """Which resources a container has to request and to limit."""

    requests: tuple[str, ...] = Field(
        ("cpu", "memory", "ephemeral-storage"),
        description="Resources that the scheduler has to know of; a limit alone counts as a request, too.",
    )
    limits: tuple[str, ...] = Field(
        ("cpu", "memory", "ephemeral-storage"),
        description="Resources of which a container must not take as much as it wants.",
    )


def check(workload: Resource, bounds: ResourceBounds) -> Iterator[str]:
    """Yield each container without one of the requests or limits."""
    for container in containers(workload):
        has = container["resources"]
        limits = {name for name in bounds.limits if has["limits"][name].is_missing}
        # The API server copies a limit to a request that is missing.
        requests = {
            name for name in bounds.requests if has["requests"][name].is_missing and has["limits"][name].is_missing
        }
        for what, missing in (("limit", limits), ("request", requests - limits)):
            if missing:
                yield f"{name_of(container)} has no {what} of {', '.join(sorted(missing))}."


RULE = ResourceRule(
    name="pods-bound-their-resources",
    promise="Every container reserves what it needs of CPU, memory and disk, and cannot take its neighbours'.",
    severity=Severity.MEDIUM,
    to_do="Set it in the container's resources.",
    controls=("NSA C-0270", "NSA C-0271"),
    bounds=ResourceBounds,
    types=WORKLOADS,
    check=check,
)
