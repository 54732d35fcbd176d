"""One network policy, and whether its rules allow a connection."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from policies.network.parties import Connection, Object, Outside, Party, Pod, namespace_of
from policies.network.selectors import Labels, MalformedError, matches

INGRESS, EGRESS = "Ingress", "Egress"
_RULES = {INGRESS: ("ingress", "from"), EGRESS: ("egress", "to")}
_PROTOCOLS = ("TCP", "UDP", "SCTP")
_PEER_KEYS = {"podSelector", "namespaceSelector", "ipBlock"}


class Policy:
    """A NetworkPolicy of networking.k8s.io/v1.

    Its methods raise `MalformedError` where the API server would refuse it.
    """

    def __init__(self, policy: Object, namespaces: Mapping[str, Labels]) -> None:
        """Take the policy and the labels of every namespace."""
        self.namespace = namespace_of(policy)
        self.name = str((policy.get("metadata") or {}).get("name") or "")
        self._spec = policy.get("spec") or {}
        self._namespaces = namespaces

    def __str__(self) -> str:
        """Return the name for a sentence."""
        return f"NetworkPolicy {self.namespace}/{self.name}"

    @property
    def directions(self) -> frozenset[str]:
        """The directions that the policy restricts: without `policyTypes` ingress, and egress if it has a rule."""
        types = self._spec.get("policyTypes")
        if not types:
            return frozenset({INGRESS, EGRESS} if self._spec.get("egress") else {INGRESS})
        if not set(types) <= set(_RULES):
            raise MalformedError(f"{self} has the policyTypes {list(types)}; allowed are {', '.join(_RULES)}")
        return frozenset(types)

    def isolates(self, pod: Pod, direction: str) -> bool:
        """Return whether the policy is about this Pod in this direction.

        What a policy does to a Pod on the host's network is not defined; most plugins ignore it, and so does this.
        """
        return (
            pod.namespace == self.namespace
            and not pod.host_network
            and direction in self.directions
            and matches(self._spec.get("podSelector") or {}, pod.labels)
        )

    def allows(self, direction: str, connection: Connection) -> bool:
        """Return whether a rule of this direction allows a connection."""
        rules, peers = _RULES[direction]
        other = connection.target if direction == EGRESS else connection.source
        return any(
            self._has_peer(rule.get(peers) or [], other) and self._has_port(rule.get("ports") or [], connection)
            for rule in self._spec.get(rules) or []
        )

    def _has_peer(self, peers: Sequence[Object], other: Party) -> bool:
        """Return whether one of the peers is the party; a rule without peers is about everybody."""
        return not peers or any(self._is_peer(peer, other) for peer in peers)

    def _is_peer(self, peer: Object, other: Party) -> bool:
        block = peer.get("ipBlock")
        selectors = [peer.get("podSelector"), peer.get("namespaceSelector")]
        known = set(peer) <= _PEER_KEYS
        if not known or (block is not None) == any(selector is not None for selector in selectors):
            raise MalformedError(
                f"{self} has the peer {dict(peer)}: it needs selectors or an ipBlock, and nothing else"
            )
        if block is not None:
            return self._in_block(block, other)
        if isinstance(other, Outside) or other.host_network:
            return False
        of_pods, of_namespaces = selectors
        if of_namespaces is None:
            here = other.namespace == self.namespace
        else:
            here = matches(of_namespaces, self._namespaces.get(other.namespace, {}))
        return here and matches(of_pods or {}, other.labels)

    def _in_block(self, block: Object, other: Party) -> bool:
        """Return whether an address is in a block; of a Pod whose address is unknown, no.

        Kubernetes means blocks for addresses outside the cluster, and plugins differ on those of Pods.
        """
        if other.address is None:
            return False
        address = ipaddress.ip_address(other.address)
        try:
            inside = address in ipaddress.ip_network(block.get("cidr", ""))
            excepted = [ipaddress.ip_network(one) for one in block.get("except") or []]
        except ValueError as error:
            raise MalformedError(f"{self} has the ipBlock {dict(block)}: {error}") from error
        return inside and not any(address in one for one in excepted)

    def _has_port(self, ports: Sequence[Object], connection: Connection) -> bool:
        """Return whether one of the ports is meant; a rule without ports is about all."""
        return not ports or any(self._is_port(one, connection) for one in ports)

    def _is_port(self, wanted: Object, connection: Connection) -> bool:
        _, target, port, protocol = connection
        named, last, of = wanted.get("port"), wanted.get("endPort"), wanted.get("protocol") or "TCP"
        if of not in _PROTOCOLS or (last is not None and not _is_number(named)):
            raise MalformedError(
                f"{self} has the port {dict(wanted)}: its protocol is one of {', '.join(_PROTOCOLS)}, and an "
                "endPort needs a port with a number"
            )
        if of != protocol or named is None:
            return bool(of == protocol)
        if _is_number(named):
            return bool(int(named) <= port <= int(named if last is None else last))
        return isinstance(target, Pod) and target.ports.get(str(named)) == (port, protocol)


def _is_number(value: Any) -> bool:  # noqa: ANN401 - any JSON; policies get whole numbers as floats
    return isinstance(value, int | float) and not isinstance(value, bool)
