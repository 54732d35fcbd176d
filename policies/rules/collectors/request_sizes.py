"""No span is too large for a request of its own."""

from collections.abc import Iterator

from pydantic import Field

from policies.collector_config import collector_files, kind_of, ways
from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity

_MIB = 1024 * 1024
# What the OTLP receiver accepts by default: MiB over gRPC, bytes over HTTP.
_DEFAULT_GRPC_MIB, _DEFAULT_HTTP_BYTES = 4, 20 * _MIB


class RequestSizes(Bounds):
    """How large a request of an application may be."""

    max_mib: float = Field(
        8, gt=0, description="Largest request of an application in MiB; gateways send larger ones to Tempo."
    )


def check(config_map: Resource, bounds: RequestSizes) -> Iterator[str]:
    """Yield each protocol over which a collector of applications accepts larger requests."""
    for file in collector_files(config_map):
        receivers = {way.receiver for way in ways(file.document) if kind_of(way.exporter) == "loadbalancing"}
        for receiver in sorted(receivers):
            for protocol, mib in _accepted(file.document["receivers"][receiver]["protocols"]).items():
                if mib > bounds.max_mib:
                    yield (
                        f"Receiver {receiver} in {file.name} accepts {mib:g} MiB over {protocol}; "
                        f"at most {bounds.max_mib:g} MiB are allowed."
                    )


def _accepted(protocols: Property) -> dict[str, float]:
    """Return the largest request in MiB by protocol."""
    served = protocols.fields()
    return {
        **(
            {"grpc": served["grpc"]["max_recv_msg_size_mib"].number(_DEFAULT_GRPC_MIB)} if "grpc" in served else {}
        ),
        **(
            {"http": served["http"]["max_request_body_size"].number(_DEFAULT_HTTP_BYTES) / _MIB}
            if "http" in served
            else {}
        ),
    }


RULE = ResourceRule(
    name="collectors-bound-requests",
    promise="Every span fits a request to Tempo, so none is dropped together with those behind it.",
    severity=Severity.HIGH,
    to_do="Set max_recv_msg_size_mib for gRPC and max_request_body_size for HTTP in the agents' receivers.",
    types=(CONFIG_MAP,),
    bounds=RequestSizes,
    check=check,
)
