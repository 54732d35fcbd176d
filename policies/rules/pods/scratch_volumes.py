"""Scratch volumes fit what their Pod may write."""

from collections.abc import Iterator

from policies.pods import WORKLOADS, containers, pod_spec
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.units import quantity


def check(workload: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each emptyDir without a limit, and a sum that the kubelet would evict the Pod for."""
    total = 0.0
    for volume in pod_spec(workload)["volumes"].items():
        scratch = volume["emptyDir"]
        if scratch.is_missing:
            continue
        if scratch["sizeLimit"].is_missing:
            yield f"volume {volume['name'].text()} has no sizeLimit, so it may fill the node's disk."
        elif scratch["medium"].text("") != "Memory":
            total += quantity(scratch["sizeLimit"])
    limits = [each["resources"]["limits"]["ephemeral-storage"] for each in containers(workload)]
    # Without a limit nothing is evicted; another rule demands one.
    if limits and not any(limit.is_missing for limit in limits):
        allowed = sum(quantity(limit) for limit in limits)
        if total > allowed:
            yield (
                f"The emptyDirs may hold {total / 2**20:.0f} MiB, but the kubelet evicts the Pod when it has "
                f"written {allowed / 2**20:.0f} MiB."
            )


RULE = ResourceRule(
    name="pods-bound-scratch-volumes",
    promise="No scratch volume fills the node's disk or gets its Pod evicted before it is full.",
    severity=Severity.MEDIUM,
    to_do="Set the emptyDir's sizeLimit, and a limit of ephemeral-storage of at least the sum of them.",
    types=WORKLOADS,
    check=check,
)
