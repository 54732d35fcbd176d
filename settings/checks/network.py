"""Checks of the network policies' settings."""

import ipaddress
from collections.abc import Iterator

from settings.problems import Problem, shown
from settings.stack import StackSettings

_OF_ADDRESSES = ("dns_addresses", "api_server_addresses", "external_addresses", "proxy_addresses")


def addresses_are_networks(settings: StackSettings) -> Iterator[Problem]:
    """The API server refuses a policy whose address is no network, after other objects have changed."""
    for name in _OF_ADDRESSES:
        for address in getattr(settings.network, name):
            try:
                ipaddress.ip_network(address)
            except ValueError as error:
                yield Problem(
                    f"network.{name}",
                    f"contains an address that is no network: {error}",
                    shown(address),
                    'networks such as "10.0.0.0/16" or "10.1.2.3/32"',
                    "Correct it.",
                )


def tenants_may_send(settings: StackSettings) -> Iterator[Problem]:
    """A namespace with a tenant of its own whose Pods may not send would keep an empty tenant."""
    senders = settings.network.application_namespaces
    missing = [name for name in settings.tenants.namespaces if senders and name not in senders]
    if missing:
        yield Problem(
            "network.application_namespaces",
            "does not list every namespace of tenants.namespaces",
            shown(list(senders)),
            f"a list with {', '.join(missing)}, or an empty list for every namespace",
            "Add the missing namespaces, or remove their tenants.",
        )
