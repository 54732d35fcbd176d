"""Configurations of OpenTelemetry collectors, as files of ConfigMaps: pipelines and the ways through them."""

from collections.abc import Iterator
from dataclasses import dataclass

from policies.config_maps import File, files
from policies.property import Property
from policies.resources import Resource

TENANT_HEADER = "x-scope-orgid"


@dataclass(frozen=True)
class Pipeline:
    """A pipeline and the ids of its components in their order."""

    name: str
    receivers: tuple[str, ...]
    processors: tuple[str, ...]
    exporters: tuple[str, ...]

    @property
    def signal(self) -> str:
        """What flows through it: traces, metrics or logs."""
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class Way:
    """One way of spans from a receiver to an exporter: the ids of both, and of the processors between."""

    receiver: str
    processors: tuple[str, ...]
    exporter: str


def collector_files(config_map: Resource) -> Iterator[File]:
    """Yield the files of a ConfigMap that configure a collector."""
    for file in files(config_map):
        found = file.document.value
        if isinstance(found.get("service"), dict) and {"receivers", "exporters"} & set(found):
            yield file


def kind_of(component: str) -> str:
    """Return the type in a component's id, as `otlpgrpc` of `otlp_grpc/tempo`.

    Without underscores, with which the same types are written in newer versions.
    """
    return component.partition("/")[0].replace("_", "")


def pipelines(document: Property) -> list[Pipeline]:
    """Return the pipelines of a collector."""
    return [
        Pipeline(name, *(tuple(one[role].texts()) for role in ("receivers", "processors", "exporters")))
        for name, one in document["service"]["pipelines"].fields().items()
    ]


def ways(document: Property) -> list[Way]:
    """Return every way of spans from a receiver that is no connector to an exporter that is none."""
    of_traces = [pipeline for pipeline in pipelines(document) if pipeline.signal == "traces"]
    connectors = set(document["connectors"].fields())
    found = []
    for pipeline in of_traces:
        for receiver in pipeline.receivers:
            if receiver not in connectors:
                onward = _onward(pipeline, of_traces, connectors, ())
                found += [Way(receiver, processors, exporter) for processors, exporter in onward]
    return found


def tenant_of(exporter: Property) -> str:
    """Return the tenant that an exporter writes into its requests, '' for none."""
    for name, value in exporter["headers"].fields().items():
        if name.lower() == TENANT_HEADER:
            return value.text()
    return ""


def literal(pattern: str) -> str:
    """Return a text of a collector's configuration without its escape: `$$` is `$`."""
    return pattern.replace("$$", "$")


def _onward(
    pipeline: Pipeline, of_traces: list[Pipeline], connectors: set[str], passed: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the processors and the exporter of each way on from the start of a pipeline."""
    for exporter in pipeline.exporters:
        if exporter not in connectors:
            yield pipeline.processors, exporter
            continue
        for following in of_traces:
            # A collector refuses cycles.
            if exporter in following.receivers and following.name not in passed:
                rest = _onward(following, of_traces, connectors, (*passed, pipeline.name))
                for processors, last in rest:
                    yield (*pipeline.processors, *processors), last
