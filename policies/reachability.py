"""Who may connect to whom on which port, by the network policies among Kubernetes objects.

As Kubernetes defines it: a connection needs the permission of the source for egress and of the target for ingress.
A Pod that no policy is about in a direction may connect in it with everybody; otherwise each policy adds what it
allows. Objects are plain data, as they come from YAML, from the engine or from the API server. Not modelled is
what Kubernetes always allows, the traffic of a Pod with itself and with its own node.
"""

from collections.abc import Iterable, Mapping

from policies.network.parties import Connection, Object, Party, Pod, namespace_of, pods_in
from policies.network.policy import EGRESS, INGRESS, Policy
from policies.network.selectors import Labels

# The API server adds it to every namespace.
_NAME_LABEL = "kubernetes.io/metadata.name"


class Reachability:
    """The Pods, namespaces and network policies of a cluster."""

    def __init__(self, objects: Iterable[Object]) -> None:
        """Read the objects; others than workloads, namespaces and network policies are ignored.

        Raises `policies.network.selectors.MalformedError` for a workload without a Pod template. The methods raise
        it for a policy that the API server would refuse, because each is read when it is needed.
        """
        found = list(objects)
        self.pods = tuple(pods_in(found))
        self._namespaces = _namespaces(found)
        self.policies = tuple(
            Policy(one, self._namespaces)
            for one in found
            if one.get("kind") == "NetworkPolicy"
            and str(one.get("apiVersion", "")).startswith("networking.k8s.io/")
        )

    def isolating(self, pod: Pod, direction: str) -> tuple[Policy, ...]:
        """Return the policies that are about a Pod in a direction, `Ingress` or `Egress`."""
        return tuple(policy for policy in self.policies if policy.isolates(pod, direction))

    def allows(self, connection: Connection) -> bool:
        """Return whether both ends allow a connection."""
        return self._permits(connection.source, EGRESS, connection) and self._permits(
            connection.target, INGRESS, connection
        )

    def connections(
        self, sources: Iterable[Party], targets: Iterable[Party], ports: Iterable[tuple[int, str]]
    ) -> list[Connection]:
        """Return every allowed connection between these parties on these ports, pairs of number and protocol."""
        wanted, ends = tuple(ports), tuple(targets)
        possible = (Connection(one, other, *port) for one in sources for other in ends for port in wanted)
        return [connection for connection in possible if self.allows(connection)]

    def _permits(self, end: Party, direction: str, connection: Connection) -> bool:
        if not isinstance(end, Pod):
            return True
        policies = self.isolating(end, direction)
        return not policies or any(policy.allows(direction, connection) for policy in policies)


def _namespaces(objects: Iterable[Object]) -> Mapping[str, Labels]:
    """Return the labels of every namespace, also of those that only other objects name."""
    labels: dict[str, dict[str, str]] = {}
    for one in objects:
        metadata = one.get("metadata") or {}
        own = one.get("kind") == "Namespace"
        name = str(metadata.get("name", "")) if own else namespace_of(one)
        labels.setdefault(name, {_NAME_LABEL: name}).update((metadata.get("labels") or {}) if own else {})
    return labels
