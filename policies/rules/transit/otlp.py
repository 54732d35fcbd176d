"""Spans travel encrypted from hop to hop."""

from collections.abc import Iterator

from policies.collector_config import collector_files, kind_of
from policies.config_maps import CONFIG_MAP, File
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import tempo_files


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each OTLP receiver without TLS, in collectors and in Tempo, and each exporter without it."""
    for file in tempo_files(config_map):
        yield from _receivers(file, file.document["distributor"]["receivers"])
    for file in collector_files(config_map):
        yield from _receivers(file, file.document["receivers"])
        for name, exporter in file.document["exporters"].fields().items():
            # The load balancer has its OTLP exporter inside.
            own = exporter["protocol"]["otlp"] if kind_of(name) == "loadbalancing" else exporter
            if kind_of(name) in {"otlp", "otlpgrpc", "otlphttp", "loadbalancing"} and _is_plain(own):
                yield f"Exporter {name} in {file.name} sends spans in plaintext."


def _receivers(file: File, receivers: Property) -> Iterator[str]:
    for name, receiver in receivers.fields().items():
        if kind_of(name) == "otlp":
            for protocol, settings in receiver["protocols"].fields().items():
                if settings["tls"]["cert_file"].text("") == "" and settings["tls"]["cert_pem"].text("") == "":
                    yield f"Receiver {name} in {file.name} takes spans by {protocol} in plaintext."


def _is_plain(exporter: Property) -> bool:
    endpoints = (exporter[name].text("") for name in ("endpoint", "traces_endpoint"))
    return exporter["tls"]["insecure"].flag(False) or any(one.startswith("http://") for one in endpoints)


RULE = ResourceRule(
    name="transit-encrypts-otlp",
    promise="Spans travel by TLS from collector to collector and to Tempo.",
    severity=Severity.HIGH,
    to_do="Give the receivers certificates, and the exporters the authority that signed them (tls.otlp).",
    types=(CONFIG_MAP,),
    check=check,
)
