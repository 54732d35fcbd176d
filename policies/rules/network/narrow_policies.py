"""Network policies open to everybody only what has to be."""

import ipaddress
from collections.abc import Iterator, Mapping

from pydantic import Field

from policies.property import Property
from policies.resources import Resource
from policies.rule import Bounds, ResourceRule, Severity
from policies.unjudged import UnjudgedError


class OpeningBounds(Bounds):
    """What may be open to any address."""

    min_prefix: int = Field(
        8,
        ge=1,
        description="Shortest prefix of an ipBlock; a shorter one counts as any address, as 0.0.0.0/1 does.",
    )
    min_ingress_prefix: int = Field(
        17,
        ge=1,
        description="The same for who is let in by an IPv4 address: a VPC has up to a /16, and with its network "
        "plugin that is every Pod.",
    )
    min_ipv6_ingress_prefix: int = Field(57, ge=1, description="The same by an IPv6 address: a VPC has a /56.")
    ingress_ports: tuple[int, ...] = Field((), description="Ports that may be open to any address.")
    egress_ports: tuple[int, ...] = Field(
        (53, 443, 6443),
        description="Ports that may be reached at any address: no policy can select the addresses of DNS, of "
        "AWS' services and of the API server.",
    )


def check(policy: Resource, bounds: OpeningBounds) -> Iterator[str]:
    """Yield each rule of a policy that opens other ports to any address."""
    incoming = {4: bounds.min_ingress_prefix, 6: bounds.min_ipv6_ingress_prefix}
    ways = (
        ("ingress", "from", incoming, bounds.ingress_ports),
        ("egress", "to", dict.fromkeys((4, 6), bounds.min_prefix), bounds.egress_ports),
    )
    for direction, peers, shortest, allowed in ways:
        for index, rule in enumerate(policy["spec"][direction].items()):
            if _is_for_anybody(rule[peers], shortest) and (ports := _others(rule["ports"], allowed)):
                shown = ", ".join(map(str, allowed)) or "none"
                yield f"Rule {index} of {direction} is for any address on {ports}; allowed so: {shown}."


def _is_for_anybody(peers: Property, shortest: Mapping[int, int]) -> bool:
    """Return whether a block is larger than the shortest prefix of its IP version allows, or nobody is named."""
    blocks = [peer["ipBlock"]["cidr"] for peer in peers.items()]
    networks = [_network(each) for each in blocks if not each.is_missing]
    return not blocks or any(one.prefixlen < shortest[one.version] for one in networks)


def _network(cidr: Property) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(cidr.text())
    except ValueError:
        raise UnjudgedError(f"{cidr.path} is not a network") from None


def _others(ports: Property, allowed: tuple[int, ...]) -> str:
    """Return the ports of a rule beyond the allowed ones, for a sentence."""
    if not ports.items():
        return "all ports"
    shown = [_shown(each) for each in ports.items()]
    return ", ".join(port for port in shown if port not in map(str, allowed))


def _shown(port: Property) -> str:
    if port["port"].is_missing:
        return "all ports"
    first = port["port"].text() if isinstance(port["port"].value, str) else f"{port['port'].number():.0f}"
    return first if port["endPort"].is_missing else f"{first} to {port['endPort'].number():.0f}"


RULE = ResourceRule(
    name="policies-open-little",
    promise="No network policy lets everybody in, or lets a Pod that is taken over reach any port of any host.",
    severity=Severity.HIGH,
    to_do="Name the Pods, the namespaces or the addresses, and the ports; list a store's port in egress_ports.",
    controls=("NSA C-0030",),
    bounds=OpeningBounds,
    types=("kubernetes:networking.k8s.io/v1:NetworkPolicy",),
    check=check,
)
