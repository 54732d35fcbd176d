"""The root file systems of containers are read-only."""

from collections.abc import Iterator

from policies.pods import WORKLOADS, containers, name_of
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


def check(workload: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each container that may write to its image."""
    for container in containers(workload):
        if not container["securityContext"]["readOnlyRootFilesystem"].flag(False):
            yield f"{name_of(container)} may write to its root file system."


RULE = ResourceRule(
    name="pods-have-read-only-root",
    promise="No container can change the files of its image.",
    severity=Severity.MEDIUM,
    to_do="Set securityContext.readOnlyRootFilesystem, and mount an emptyDir where it has to write.",
    controls=("NSA C-0017",),
    types=WORKLOADS,
    check=check,
)
