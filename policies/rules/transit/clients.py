"""Servers take spans from clients that prove who they are."""

from collections.abc import Iterator

from pydantic import Field

from policies.config_maps import CONFIG_MAP
from policies.otlp import exporters, receivers
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import tempo_files

_VERIFIED = "RequireAndVerifyClientCert"


class OpenReceivers(Bounds):
    """Receivers that may take spans from everybody."""

    open_receivers: tuple[str, ...] = Field(
        (), description="Logical name of each ConfigMap whose receivers may ask for no certificate."
    )


def check(config_map: Resource, bounds: OpenReceivers) -> Iterator[str]:
    """Yield each server that asks for no certificate, and each exporter that has none."""
    if config_map.name not in bounds.open_receivers:
        for file, name, protocol, settings in receivers(config_map):
            if settings["tls"]["client_ca_file"].text("") == "":
                yield f"Receiver {name} in {file} takes spans by {protocol} from clients without a certificate."
    for tempo in tempo_files(config_map):
        server = tempo.document["server"]["grpc_tls_config"]
        if server["client_auth_type"].text("") != _VERIFIED or server["client_ca_file"].text("") == "":
            yield f"Tempo's own gRPC in {tempo.name} answers clients without a certificate."
    for file, name, exporter in exporters(config_map):
        if exporter["tls"]["cert_file"].text("") == "" and exporter["tls"]["cert_pem"].text("") == "":
            yield f"Exporter {name} in {file} has no certificate to show."


RULE = ResourceRule(
    name="transit-authenticates-clients",
    promise="Gateways and Tempo take spans only from clients with a certificate of the tracing authority.",
    severity=Severity.HIGH,
    to_do="Set tls.otlp to mutual_tls.",
    bounds=OpenReceivers,
    types=(CONFIG_MAP,),
    check=check,
)
