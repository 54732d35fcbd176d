"""The ends of an edge in the terms of a network policy."""

from collections.abc import Sequence

from pulumi_kubernetes.meta import v1 as meta
from pulumi_kubernetes.networking import v1 as networking

from components.kubernetes.labels import INSTANCE, NAME
from render.network.edges import Addresses, OtherPods, OwnPods, Peer, Port
from settings.project import PROJECT

# The API server gives every namespace this label.
_NAMESPACE_NAME = "kubernetes.io/metadata.name"


def own_pods(pods: OwnPods) -> meta.LabelSelectorArgs:
    """Return the selector of Pods of this stack, within its namespace."""
    return meta.LabelSelectorArgs(
        match_labels={INSTANCE: PROJECT}, match_expressions=[_one_of(NAME, pods.workloads)]
    )


def policy_peers(peers: Sequence[Peer]) -> list[networking.NetworkPolicyPeerArgs]:
    """Return the other end of a policy's only rule; never empty, which would mean everybody."""
    return [found for peer in peers for found in _policy_peers(peer)]


def policy_ports(ports: Sequence[Port]) -> list[networking.NetworkPolicyPortArgs]:
    """Return the ports of a policy's only rule, by number: names could change their meaning with a Pod."""
    return [networking.NetworkPolicyPortArgs(port=port.number, protocol=port.protocol) for port in ports]


def _policy_peers(peer: Peer) -> list[networking.NetworkPolicyPeerArgs]:
    match peer:
        case OwnPods():
            return [networking.NetworkPolicyPeerArgs(pod_selector=own_pods(peer))]
        case OtherPods():
            return [_other_pods(peer)]
        case Addresses(networks):
            return [
                networking.NetworkPolicyPeerArgs(ip_block=networking.IPBlockArgs(cidr=network))
                for network in networks
            ]


def _other_pods(pods: OtherPods) -> networking.NetworkPolicyPeerArgs:
    # An empty selector selects every namespace; no selector would mean the policy's own.
    named = [_one_of(_NAMESPACE_NAME, pods.namespaces)] if pods.namespaces else None
    return networking.NetworkPolicyPeerArgs(
        namespace_selector=meta.LabelSelectorArgs(match_expressions=named),
        pod_selector=meta.LabelSelectorArgs(match_labels=dict([pods.label])) if pods.label else None,
    )


def _one_of(label: str, values: Sequence[str]) -> meta.LabelSelectorRequirementArgs:
    return meta.LabelSelectorRequirementArgs(key=label, operator="In", values=list(values))
