"""TLS is no mere appearance: certificates are verified."""

from collections.abc import Iterator

from policies.collector_config import collector_files
from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import tempo_files

_SWITCHES = ("insecure_skip_verify", "tls_insecure_skip_verify")


def check(config_map: Resource, _bounds: Bounds) -> Iterator[str]:
    """Yield each client that accepts any certificate."""
    for file in [*tempo_files(config_map), *collector_files(config_map)]:
        for switch in _switched_off(file.document):
            yield f"{switch.path} is true, so anybody may answer in the server's name."


def _switched_off(found: Property) -> Iterator[Property]:
    if isinstance(found.value, dict):
        for name, inner in found.fields().items():
            if name in _SWITCHES and inner.flag(False):
                yield inner
            yield from _switched_off(inner)
    elif isinstance(found.value, list):
        for item in found.items():
            yield from _switched_off(item)


RULE = ResourceRule(
    name="transit-verifies-certificates",
    promise="Every client of TLS verifies who answers.",
    severity=Severity.CRITICAL,
    to_do="Remove it and name the certificate authority (ca_file, tls_ca_path).",
    types=(CONFIG_MAP,),
    check=check,
)
