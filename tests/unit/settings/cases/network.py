"""Cases of `settings/checks/network.py`."""

from settings.checks import network
from tests.unit.settings.cases import Case

CASES = (
    Case(
        network.addresses_are_networks,
        "prod",
        {"network.api_server_addresses": ["10.0.0.0/16", "10.0.0.1/16"]},
        "network.api_server_addresses: contains an address that is no network: 10.0.0.1/16 has host bits set "
        '(got "10.0.0.1/16"; allowed networks such as "10.0.0.0/16" or "10.1.2.3/32"). Correct it.',
        {"network.api_server_addresses": ["10.0.0.0/16", "fd00::/8"]},
    ),
    Case(
        network.addresses_are_networks,
        "dojo",
        {"network.external_addresses": ["10.0.0.0/33"]},
        "network.external_addresses: contains an address that is no network: '10.0.0.0/33' does not appear to be "
        'an IPv4 or IPv6 network (got "10.0.0.0/33"; allowed networks such as "10.0.0.0/16" or "10.1.2.3/32"). '
        "Correct it.",
        {"network.external_addresses": ["10.0.0.0/32"]},
    ),
    Case(
        network.addresses_are_networks,
        "dojo",
        {"network.dns_addresses": ["1:2/8"]},
        "network.dns_addresses: contains an address that is no network: '1:2/8' does not appear to be an IPv4 or "
        'IPv6 network (got "1:2/8"; allowed networks such as "10.0.0.0/16" or "10.1.2.3/32"). Correct it.',
        {"network.dns_addresses": []},
    ),
    Case(
        network.addresses_are_networks,
        "dojo",
        {"network.proxy_addresses": ["300.0.0.0/8"]},
        "network.proxy_addresses: contains an address that is no network: '300.0.0.0/8' does not appear to be an "
        'IPv4 or IPv6 network (got "300.0.0.0/8"; allowed networks such as "10.0.0.0/16" or "10.1.2.3/32"). '
        "Correct it.",
        {"network.proxy_addresses": ["30.0.0.0/8"]},
    ),
    Case(
        network.tenants_may_send,
        "prod",
        {"network.application_namespaces": ["backstage", "shop"]},
        "network.application_namespaces: does not list every namespace of tenants.namespaces "
        '(got ["backstage", "shop"]; allowed a list with argocd, jenkins, or an empty list for every namespace). '
        "Add the missing namespaces, or remove their tenants.",
        {"network.application_namespaces": ["backstage", "shop", "argocd", "jenkins"]},
    ),
    Case(
        network.tenants_may_send,
        "prod",
        {"network.application_namespaces": ["shop"], "tenants.namespaces": ["one"]},
        "network.application_namespaces: does not list every namespace of tenants.namespaces "
        '(got ["shop"]; allowed a list with one, or an empty list for every namespace). '
        "Add the missing namespaces, or remove their tenants.",
        {"network.application_namespaces": [], "tenants.namespaces": ["one"]},
    ),
)
