"""Which peers a configured host is: Pods behind a Service of the cluster, or addresses outside."""

import ipaddress
from urllib.parse import urlsplit

from render.network.edges import Addresses, OtherPods, Peer, Port, tcp
from settings.stack import StackSettings

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Kafka's default; Tempo passes an address without a port to its client, which adds this one.
_KAFKA_PORT = 9092


def peers_of(host: str, settings: StackSettings) -> tuple[Peer, ...]:
    """Return the peers that a host's name leads to.

    `name.namespace.svc`, with or without the cluster's domain, is a Service of that namespace, and a name without
    a dot one of the stack's own. An address is itself. Every other name leads to `network.external_addresses`.
    """
    address = _address(host)
    if address is not None:
        return (Addresses((f"{address}/{address.max_prefixlen}",)),)
    namespace = _namespace(host, settings.environment.namespace)
    if namespace is not None:
        return (OtherPods((namespace,)),)
    return (Addresses(settings.network.external_addresses),)


def ports_of(url: str, settings: StackSettings) -> tuple[Port, ...]:
    """Return the ports of an `http`, `https` or `kafka` URL, and the further ones of the settings."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, _KAFKA_PORT)
    return tcp(port, *settings.network.further_ports)


def host_of(url: str) -> str:
    """Return the host of a URL, in small letters."""
    return urlsplit(url).hostname or ""


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _namespace(host: str, own: str) -> str | None:
    labels = host.rstrip(".").split(".")
    if len(labels) == 1:
        return own
    # A Pod of a headless Service has its own name before the Service's.
    service = [number for number, label in enumerate(labels) if label == "svc" and number > 1]
    return labels[service[0] - 1] if service else None
