"""Spans travel encrypted from hop to hop."""

from collections.abc import Iterator

from pydantic import Field

from policies.config_maps import CONFIG_MAP
from policies.otlp import exporters, receivers
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity


class PlainReceivers(Bounds):
    """Receivers that may be without TLS."""

    plaintext_receivers: tuple[str, ...] = Field(
        (), description="Logical name of each ConfigMap whose receivers may take spans in plaintext."
    )


def check(config_map: Resource, bounds: PlainReceivers) -> Iterator[str]:
    """Yield each OTLP receiver without TLS, in collectors and in Tempo, and each exporter without it."""
    if config_map.name not in bounds.plaintext_receivers:
        for file, name, protocol, settings in receivers(config_map):
            if settings["tls"]["cert_file"].text("") == "" and settings["tls"]["cert_pem"].text("") == "":
                yield f"Receiver {name} in {file} takes spans by {protocol} in plaintext."
    for file, name, exporter in exporters(config_map):
        if _is_plain(exporter):
            yield f"Exporter {name} in {file} sends spans in plaintext."


def _is_plain(exporter: Property) -> bool:
    endpoints = (exporter[name].text("") for name in ("endpoint", "traces_endpoint"))
    return exporter["tls"]["insecure"].flag(False) or any(one.startswith("http://") for one in endpoints)


RULE = ResourceRule(
    name="transit-encrypts-otlp",
    promise="Spans travel by TLS from collector to collector and to Tempo.",
    severity=Severity.HIGH,
    to_do="Give the receivers certificates, and the exporters the authority that signed them (tls.otlp).",
    bounds=PlainReceivers,
    types=(CONFIG_MAP,),
    check=check,
)
