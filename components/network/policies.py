"""Network policies: nothing is allowed but the edges of the table (docs/network.md)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.meta import v1 as meta
from pulumi_kubernetes.networking import v1 as networking

from components.context import Context
from components.kubernetes.scope import Scope
from components.network.peers import own_pods, policy_peers, policy_ports
from components.stack import Stack
from render.network.edges import Edge, OwnPods
from render.network.table import edges

# The label of the policies themselves; no Pod has it.
_COMPONENT = "network-policies"
_DENY = "default-deny"
_BOTH = ("Ingress", "Egress")


@dataclass(frozen=True, kw_only=True)
class NetworkPoliciesArgs:
    """Every connection of the stack."""

    context: Context
    edges: Sequence[Edge]


class NetworkPolicies(pulumi.ComponentResource):
    """One policy for each side of an edge that is of this stack, and one that denies everything else.

    Each side has a policy of its own, because a connection needs the permission of both: one policy that selected
    sources and targets together would also let the targets connect to each other. A changed edge is updated in
    place, so nothing is cut meanwhile.
    """

    default_deny: networking.NetworkPolicy

    def __init__(self, name: str, args: NetworkPoliciesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the policies of the edges, and when these exist the one that denies the rest."""
        super().__init__("fawkes:tracing:NetworkPolicies", name, None, opts)
        self._scope = Scope(parent=self, name=name, context=args.context, component=_COMPONENT)
        allowed = [policy for edge in args.edges for policy in self._policies(edge)]
        # Last: a stack that had no policies before loses no connection that an edge allows.
        self.default_deny = self._policy(
            _DENY,
            networking.NetworkPolicySpecArgs(pod_selector=meta.LabelSelectorArgs(), policy_types=list(_BOTH)),
            allowed,
        )
        self.register_outputs({"default_deny_name": self.default_deny.metadata.name})

    def _policies(self, edge: Edge) -> list[networking.NetworkPolicy]:
        peers, ports = (policy_peers(edge.sources), policy_peers(edge.targets)), policy_ports(edge.ports)
        outgoing = [
            self._policy(
                f"{edge.name}-egress",
                networking.NetworkPolicySpecArgs(
                    pod_selector=own_pods(source),
                    policy_types=["Egress"],
                    egress=[networking.NetworkPolicyEgressRuleArgs(to=peers[1], ports=ports)],
                ),
            )
            for source in edge.sources
            if isinstance(source, OwnPods)
        ]
        incoming = [
            self._policy(
                f"{edge.name}-ingress",
                networking.NetworkPolicySpecArgs(
                    pod_selector=own_pods(target),
                    policy_types=["Ingress"],
                    ingress=[networking.NetworkPolicyIngressRuleArgs(from_=peers[0], ports=ports)],
                ),
            )
            for target in edge.targets
            if isinstance(target, OwnPods)
        ]
        return [*outgoing, *incoming]

    def _policy(
        self,
        name: str,
        spec: networking.NetworkPolicySpecArgs,
        after: Sequence[pulumi.Resource] = (),
    ) -> networking.NetworkPolicy:
        options = pulumi.ResourceOptions.merge(self._scope.options, pulumi.ResourceOptions(depends_on=after))
        return networking.NetworkPolicy(
            self._scope.child(name), metadata=self._scope.metadata(name), spec=spec, opts=options
        )


def network_policies(name: str, stack: Stack) -> NetworkPolicies:
    """Create the policies of a stack."""
    args = NetworkPoliciesArgs(context=stack.context, edges=edges(stack.settings, stack.plan))
    return NetworkPolicies(name, args, stack.options())
