"""The Tempos of a stack: each configuration with the Pods that run with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.config_maps import CONFIG_MAP, File, mounted, with_environment
from policies.pods import WORKLOADS, containers
from policies.property import Property
from policies.resources import Resource, Stack
from policies.tempo_config import override_files, tempo_files

_TARGET = ("-target=", "--target=")


@dataclass(frozen=True)
class Process:
    """A container that runs Tempo, and its workload."""

    workload: Resource
    container: Property

    def target(self, document: Property) -> str:
        """Return which part of Tempo it runs."""
        arguments = [*self.container["command"].texts(), *self.container["args"].texts()]
        named = [one.partition("=")[2] for one in arguments if one.startswith(_TARGET)]
        return named[-1] if named else document["target"].text("all")

    @property
    def replicas(self) -> float:
        """The number of its Pods; one unless said otherwise."""
        return self.workload["spec"]["replicas"].number(1)


@dataclass(frozen=True)
class Tempo:
    """A configuration, the tenants' limits beside it, and the processes that read it."""

    file: File
    limits: tuple[File, ...]
    processes: tuple[Process, ...]

    @property
    def config_map(self) -> Resource:
        """The ConfigMap of the configuration."""
        return self.file.config_map

    @property
    def document(self) -> Property:
        """The configuration."""
        return self.file.document


def tempos(stack: Stack) -> Iterator[Tempo]:
    """Yield each Tempo's configuration in a stack; variables have the values that its processes get."""
    mounts = {workload.urn: list(mounted(stack, workload)) for workload in stack.of_type(*WORKLOADS)}
    for config_map in stack.of_type(CONFIG_MAP):
        for file in tempo_files(config_map):
            processes = tuple(
                Process(workload, container)
                for workload in stack.of_type(*WORKLOADS)
                for found, container in mounts[workload.urn]
                if found is config_map
            )
            limits = {
                (found.urn, each.name): each
                for process in processes
                for found, _ in mounts[process.workload.urn]
                for each in override_files(found)
            }
            read = with_environment(file, [process.container for process in processes])
            yield Tempo(read, tuple(limits.values()), processes)


def tempo_processes(stack: Stack) -> Iterator[Process]:
    """Yield every container with an image of Tempo, whatever it reads."""
    for workload in stack.of_type(*WORKLOADS):
        for container in containers(workload):
            if repository(container["image"]) == "tempo":
                yield Process(workload, container)


def repository(image: Property) -> str:
    """Return the last part of an image's repository: `tempo` of `docker.io/grafana/tempo:2.10.8`."""
    return image.text("").partition("@")[0].rpartition("/")[2].partition(":")[0]
