"""A stack's Pods and policies in a cluster with others: applications, Prometheus, DNS, hosts outside."""

from collections.abc import Iterator
from typing import Any

from policies.network.parties import Outside, Party, Pod
from policies.reachability import Reachability
from render.network.edges import Addresses, Edge, OtherPods, OwnPods, Peer
from snapshot.recorder import Recorder

NAMESPACE = "fawkes-observability"
# Who else is in the cluster: namespace, name, labels.
OTHERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("shop", "checkout", {"app": "checkout"}),
    ("backstage", "backstage", {"app": "backstage"}),
    ("monitoring", "prometheus", {"app.kubernetes.io/name": "prometheus"}),
    ("kafka", "broker", {"app": "kafka"}),
    ("kube-system", "coredns", {"k8s-app": "kube-dns"}),
    ("kube-system", "metrics-server", {"k8s-app": "metrics-server"}),
    (NAMESPACE, "stranger", {"app": "stranger"}),
    # As another release of the same program would label them, but outside the namespace.
    (
        "copy",
        "otel-agent",
        {"app.kubernetes.io/name": "otel-agent", "app.kubernetes.io/instance": "fawkes-tracing"},
    ),
)
INTERNET, METADATA, IDENTITY_AGENT, NODE_DNS = "203.0.113.7", "169.254.169.254", "169.254.170.23", "169.254.20.10"
HOSTS = (INTERNET, METADATA, IDENTITY_AGENT, NODE_DNS, "2001:db8::7", "fd00:ec2::23", "10.0.12.34")
# Beside every port that a container declares: ports of others, one in use by nobody, and SSH.
OTHER_PORTS = (
    *((number, protocol) for number in (53, 5353) for protocol in ("UDP", "TCP")),
    *((number, "TCP") for number in (22, 80, 443, 6443, 8333, 9090, 9092, 9999)),
)


def objects_of(recorder: Recorder) -> list[dict[str, Any]]:
    """Return the Kubernetes objects of a recorded program; one without a name has its logical one."""
    found = [one for one in recorder.registrations if one.type.startswith("kubernetes:") and "kind" in one.inputs]
    return [{**one.inputs, "metadata": {"name": one.name, **one.inputs["metadata"]}} for one in found]


class Surroundings:
    """A recorded stack among the others."""

    def __init__(self, recorder: Recorder) -> None:
        """Put the objects of the stack into one cluster with `OTHERS`."""
        self.objects = objects_of(recorder)
        strangers = [
            {"kind": "Pod", "metadata": {"namespace": namespace, "name": name, "labels": labels}}
            for namespace, name, labels in OTHERS
        ]
        self.reach = Reachability([*self.objects, *strangers])
        unlike = {(namespace, name) for namespace, name, _ in OTHERS}
        self.own = tuple(pod for pod in self.reach.pods if (pod.namespace, pod.name) not in unlike)
        self.hosts = tuple(Outside(address=address) for address in HOSTS)
        self.parties: tuple[Party, ...] = (*self.reach.pods, *self.hosts)
        declared = {port for pod in self.own for port in pod.ports.values()}
        self.ports = tuple(sorted({*declared, *OTHER_PORTS}))

    def workload(self, name: str) -> Pod:
        """Return the Pods of the stack that carry this name as their `app.kubernetes.io/name`."""
        (found,) = [pod for pod in self.own if pod.labels["app.kubernetes.io/name"] == name]
        return found

    def allowed(self) -> set[tuple[str, str, int, str]]:
        """Return every allowed connection of the stack's Pods: who, whom, port, protocol."""
        outgoing = self.reach.connections(self.own, self.parties, self.ports)
        incoming = self.reach.connections(self.parties, self.own, self.ports)
        return {(shown(one.source), shown(one.target), one.port, one.protocol) for one in (*outgoing, *incoming)}

    def in_table(self, edges: tuple[Edge, ...]) -> set[tuple[str, str, int, str]]:
        """Return the same from the table, by looking each of its ends up by name."""
        return {
            (source, target, port.number, port.protocol)
            for edge in edges
            for source in self._named(edge.sources)
            for target in self._named(edge.targets)
            for port in edge.ports
        }

    def _named(self, peers: tuple[Peer, ...]) -> Iterator[str]:
        for peer in peers:
            match peer:
                case OwnPods(workloads):
                    yield from (shown(self.workload(name)) for name in workloads)
                case OtherPods(namespaces, label):
                    # Nobody else's Pods are in the stack's own namespace, where all are denied.
                    for pod in self.reach.pods:
                        labelled = label is None or pod.labels.get(label[0]) == label[1]
                        if (
                            labelled
                            and pod.namespace != NAMESPACE
                            and pod.namespace in (namespaces or (pod.namespace,))
                        ):
                            yield shown(pod)
                case Addresses(networks):
                    yield from (address for address in HOSTS if _in(address, networks))


def shown(party: Party) -> str:
    """Return the name of an end, without the namespace where it is the stack's own."""
    if isinstance(party, Outside):
        return party.address
    name = party.labels.get("app.kubernetes.io/name", party.name)
    return name if party.namespace == NAMESPACE else f"{party.namespace}/{name}"


def _in(address: str, networks: tuple[str, ...]) -> bool:
    """Return whether an address is in a network; those of the tests are one address or everything."""
    everything = {True: "::/0", False: "0.0.0.0/0"}[":" in address]
    return everything in networks or any(network.partition("/")[0] == address for network in networks)
