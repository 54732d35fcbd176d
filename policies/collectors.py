"""The collectors of a stack: each configuration with the Pods that run with it, and who sends to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from policies.collector_config import collector_files, kind_of
from policies.config_maps import File, mounted, with_environment
from policies.pods import WORKLOADS, containers, pod_template
from policies.property import Property
from policies.resources import Resource, Stack
from policies.tempos import repository

_SERVICE = "kubernetes:core/v1:Service"


@dataclass(frozen=True)
class Collector:
    """A container that runs a collector, its workload and the file that it reads."""

    workload: Resource
    container: Property
    file: File

    @property
    def document(self) -> Property:
        """The configuration, with the container's variables."""
        return self.file.document

    def target(self, exporter: str) -> str:
        """Return `name.namespace` of the host that an exporter sends to, '' if it names none."""
        host = _host_of(exporter, self.document["exporters"][exporter])
        # A name alone is one of the same namespace.
        namespace = self.workload["metadata"]["namespace"].value
        return f"{host}.{namespace}" if host and "." not in host else ".".join(host.split(".")[:2])

    @property
    def config_map(self) -> Resource:
        """The ConfigMap of the configuration."""
        return self.file.config_map


def collectors(stack: Stack) -> list[Collector]:
    """Return each collector of a stack."""
    return [
        Collector(workload, container, with_environment(file, [container]))
        for workload in stack.of_type(*WORKLOADS)
        for config_map, container in mounted(stack, workload)
        for file in collector_files(config_map)
    ]


def collector_containers(stack: Stack) -> Iterator[tuple[Resource, Property]]:
    """Yield every container with an image of a collector, whatever it reads, and its workload."""
    for workload in stack.of_type(*WORKLOADS):
        for container in containers(workload):
            name = repository(container["image"])
            if "opentelemetry-collector" in name or "otelcol" in name:
                yield workload, container


def services_of(stack: Stack, workload: Resource) -> list[Resource]:
    """Return the Services that select a workload's Pods."""
    labels = pod_template(workload)["metadata"]["labels"]
    found = []
    for service in stack.of_type(_SERVICE):
        selector = service["spec"]["selector"].fields()
        same_namespace = service["metadata"]["namespace"].value == workload["metadata"]["namespace"].value
        if selector and same_namespace and all(labels[name].value == one.value for name, one in selector.items()):
            found.append(service)
    return found


def hosts_of_collectors(stack: Stack, found: list[Collector]) -> set[str]:
    """Return `name.namespace` of each Service that leads to a collector of the stack."""
    services = [service for one in found for service in services_of(stack, one.workload)]
    names = [(service["metadata"]["name"], service["metadata"]["namespace"]) for service in services]
    # A Service whose name is unknown leads nowhere that could be named.
    return {f"{name.value}.{namespace.value}" for name, namespace in names if isinstance(name.value, str)}


def _host_of(name: str, exporter: Property) -> str:
    if kind_of(name) == "loadbalancing":
        host = exporter["resolver"]["dns"]["hostname"].text("") or exporter["resolver"]["k8s"]["service"].text("")
    else:
        endpoint = exporter["endpoint"].text("")
        host = urlsplit(endpoint if "://" in endpoint else f"//{endpoint.removeprefix('dns:///')}").hostname or ""
    return host
