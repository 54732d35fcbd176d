"""The Pods that workloads run."""

from collections.abc import Iterator

from policies.objects import kind, labels, namespace, selects
from policies.property import Property
from policies.resources import Resource, Stack

# The types of resources that keep servers running, and all that run Pods.
SERVERS = (
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:ReplicaSet",
    "kubernetes:apps/v1:StatefulSet",
)
JOBS = ("kubernetes:batch/v1:CronJob", "kubernetes:batch/v1:Job")
WORKLOADS = (*SERVERS, *JOBS, "kubernetes:core/v1:Pod")


def pod_template(workload: Resource) -> Property:
    """Return the template of a workload's Pods, with `metadata` and `spec`; a Pod is its own."""
    if kind(workload) == "Pod":
        return workload.properties
    return job_spec(workload)["template"]


def job_spec(workload: Resource) -> Property:
    """Return what a CronJob says of its Jobs; any other workload's own specification."""
    return workload["spec"]["jobTemplate"]["spec"] if kind(workload) == "CronJob" else workload["spec"]


def pod_spec(workload: Resource) -> Property:
    """Return the specification of a workload's Pods."""
    return pod_template(workload)["spec"]


def pod_labels(workload: Resource) -> dict[str, str]:
    """Return the labels of a workload's Pods."""
    return labels(pod_template(workload)["metadata"])


def containers(workload: Resource) -> Iterator[Property]:
    """Yield every container of a workload's Pods, those that run once at the start included."""
    spec = pod_spec(workload)
    yield from spec["initContainers"].items()
    yield from spec["containers"].items()


def security(workload: Resource, container: Property, field: str) -> Property:
    """Return a field of a container's security context, or the Pod's if the container has none."""
    own = container["securityContext"][field]
    return pod_spec(workload)["securityContext"][field] if own.is_missing else own


def name_of(container: Property) -> str:
    """Return a container's name for a sentence."""
    return f"container {container['name'].text('without a name')}"


def has_port(container: Property, port: Property) -> bool:
    """Return whether a container declares a port, given by its name or its number."""
    named = isinstance(port.value, str)
    key, wanted = ("name", port.text()) if named else ("containerPort", port.number())
    return any(not each[key].is_missing and each[key].value == wanted for each in container["ports"].items())


def shown_ports(container: Property) -> str:
    """Return the ports that a container declares, by name where they have one, for a sentence."""
    ports = [each["name"].text(f"{each['containerPort'].number():.0f}") for each in container["ports"].items()]
    return ", ".join(ports) or "none"


def replicas(workload: Resource) -> int | None:
    """Return how many Pods a workload keeps running; None if it does not say so, or runs one on each node."""
    found = workload["spec"]["replicas"]
    return None if found.is_missing else int(found.number())


def selected(stack: Stack, namespace_: str, selector: Property) -> list[Resource]:
    """Return the workloads of a namespace whose Pods a LabelSelector selects."""
    return [
        workload
        for workload in stack.of_type(*WORKLOADS)
        if namespace(workload) == namespace_ and selects(selector, pod_labels(workload))
    ]


def selected_by_service(stack: Stack, service: Resource) -> list[Resource]:
    """Return the workloads that a Service sends requests to."""
    as_labels = service["spec"]["selector"]
    return selected(stack, namespace(service), Property({"matchLabels": as_labels.value}, as_labels.path))
