"""Tempo's processes speak TLS with each other."""

from collections.abc import Iterator

from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import tempo_files

# How a file leaves the switch off for every process without the variable.
_OFF_UNLESS_SET = ":-false}"


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each way into Tempo's processes without TLS: gRPC, gRPC on the HTTP port, gossip."""
    for file in tempo_files(config_map):
        server = file.document["server"]["grpc_tls_config"]
        if server["cert_file"].text("") == "" and server["cert"].text("") == "":
            yield f"Tempo's own gRPC in {file.name} is plaintext."
        if _streams(file.document["stream_over_http_enabled"]):
            yield (
                f"stream_over_http_enabled in {file.name} makes every process answer all gRPC methods on its "
                "plaintext HTTP port."
            )
        gossip = file.document["memberlist"]
        if not gossip.is_missing and not gossip["tls_enabled"].flag(False):
            yield f"The gossip in {file.name} is plaintext."


def _streams(switch: Property) -> bool:
    value = switch.plain()
    return bool(value) and not str(value).endswith(_OFF_UNLESS_SET)


RULE = ResourceRule(
    name="transit-encrypts-tempo",
    promise="Tempo's processes reach each other by TLS only.",
    severity=Severity.HIGH,
    to_do="Set tls.otlp, and with given Secrets tls.secrets.tempo_gossip; let query frontends alone stream.",
    types=(CONFIG_MAP,),
    check=check,
)
