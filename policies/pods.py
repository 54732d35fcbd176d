"""The Pods that workloads run."""

from collections.abc import Iterator

from policies.property import Property
from policies.resources import Resource

# The types of resources that run Pods.
WORKLOADS = (
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:batch/v1:Job",
    "kubernetes:core/v1:Pod",
)


def pod_template(workload: Resource) -> Property:
    """Return the template of a workload's Pods, with `metadata` and `spec`; a Pod is its own."""
    kind = workload.type.rpartition(":")[2]
    if kind == "Pod":
        return workload.properties
    spec = workload["spec"]["jobTemplate"]["spec"] if kind == "CronJob" else workload["spec"]
    return spec["template"]


def containers(workload: Resource) -> Iterator[Property]:
    """Yield every container of a workload's Pods, those that run once at the start included."""
    spec = pod_template(workload)["spec"]
    yield from spec["initContainers"].items()
    yield from spec["containers"].items()


def name_of(container: Property) -> str:
    """Return a container's name for a sentence."""
    return f"container {container['name'].text('without a name')}"
