"""OTLP receivers and exporters in the configurations of collectors and Tempo."""

from collections.abc import Iterator

from policies.collector_config import collector_files, kind_of
from policies.property import Property
from policies.resources import Resource
from policies.tempo_config import tempo_files

_EXPORTERS = frozenset({"otlp", "otlpgrpc", "otlphttp", "loadbalancing"})


def receivers(config_map: Resource) -> Iterator[tuple[str, str, str, Property]]:
    """Yield each protocol of each OTLP receiver: the file, the receiver's id, the protocol and its settings."""
    found = [(file.name, file.document["distributor"]["receivers"]) for file in tempo_files(config_map)]
    found += [(file.name, file.document["receivers"]) for file in collector_files(config_map)]
    for file_name, all_receivers in found:
        for name, receiver in all_receivers.fields().items():
            if kind_of(name) == "otlp":
                for protocol, settings in receiver["protocols"].fields().items():
                    yield file_name, name, protocol, settings


def exporters(config_map: Resource) -> Iterator[tuple[str, str, Property]]:
    """Yield the file, the exporter's id and the settings of each OTLP exporter of a collector."""
    for file in collector_files(config_map):
        for name, exporter in file.document["exporters"].fields().items():
            if kind_of(name) in _EXPORTERS:
                # The load balancer has its OTLP exporter inside.
                yield (
                    file.name,
                    name,
                    exporter["protocol"]["otlp"] if kind_of(name) == "loadbalancing" else exporter,
                )
