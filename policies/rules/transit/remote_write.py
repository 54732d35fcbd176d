"""Metrics of traces travel encrypted, or stay in the cluster."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import Field

from policies.config_maps import CONFIG_MAP
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import tempo_files


class PlainPrometheus(Bounds):
    """Hosts that may get metrics in plaintext."""

    plaintext_hosts: tuple[str, ...] = Field((), description="Host of each Prometheus that may be without TLS.")


def check(config_map: Resource, bounds: PlainPrometheus) -> Iterator[str]:
    """Yield each Prometheus that gets metrics without TLS."""
    for file in tempo_files(config_map):
        for target in file.document["metrics_generator"]["storage"]["remote_write"].items():
            if _is_plain(target) and _host(target) not in bounds.plaintext_hosts:
                # A URL may contain a password.
                yield f"{file.name} writes metrics to the host {_host(target)} in plaintext."


def _is_plain(target: Property) -> bool:
    return urlsplit(target["url"].text("")).scheme != "https"


def _host(target: Property) -> str:
    return urlsplit(target["url"].text("")).hostname or "without a name"


RULE = ResourceRule(
    name="transit-encrypts-remote-write",
    promise="Metrics with names of services and routes leave Tempo by TLS, unless the host is known to be near.",
    severity=Severity.MEDIUM,
    to_do="Use a URL with https, or add the host to plaintext_hosts with the reason.",
    bounds=PlainPrometheus,
    types=(CONFIG_MAP,),
    check=check,
)
