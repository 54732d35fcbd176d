"""Traces travel to the store encrypted."""

import re
from collections.abc import Iterator

from pydantic import Field

from policies.config_maps import CONFIG_MAP, texts
from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.tempo_config import store_of, tempo_files

# How a setup script names the store to MinIO's client.
_ALIAS = re.compile(r"\bmc alias set \S+ [\"']?http://([^\s/\"';]+)")


class PlainStores(Bounds):
    """Stores that may be spoken to in plaintext."""

    plaintext_hosts: tuple[str, ...] = Field((), description="host:port of each store that may be without TLS.")


def check(config_map: Resource, bounds: PlainStores) -> Iterator[str]:
    """Yield each store without TLS, in Tempo's file and in the script that sets up the bucket."""
    for file in tempo_files(config_map):
        host = _plain_host(store_of(file.document))
        if host is not None and host not in bounds.plaintext_hosts:
            yield f"{file.name} sends traces to the store {host or 'without a name'} in plaintext."
    for name, text in texts(config_map):
        for host in dict.fromkeys(map(_without_user, _ALIAS.findall(text.text()))):
            if host not in bounds.plaintext_hosts:
                yield f"{name} sets up the store {host} in plaintext."


def _plain_host(store: Property) -> str | None:
    """Return the host of a store without TLS, None if it has TLS; Tempo uses TLS unless told otherwise."""
    endpoint = store["endpoint"].text("")
    if store["insecure"].flag(False) or endpoint.startswith("http://"):
        return _without_user(endpoint.removeprefix("http://").partition("/")[0])
    return None


def _without_user(host: str) -> str:
    """Return a host without the name and the password that a URL may have before it."""
    return host.rpartition("@")[2]


RULE = ResourceRule(
    name="transit-encrypts-the-way-to-the-store",
    promise="Traces and keys travel to the object store by TLS.",
    severity=Severity.CRITICAL,
    to_do="Give the store a certificate and set object_store.plain_http to false.",
    bounds=PlainStores,
    types=(CONFIG_MAP,),
    check=check,
)
