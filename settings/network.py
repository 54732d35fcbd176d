"""Who may reach the stack, and which addresses it may reach: what the network policies cannot derive."""

from typing import Annotated

from pydantic import Field

from settings.base import DnsLabel, Section

# The form only; settings/checks/network.py refuses what is no network.
Cidr = Annotated[str, Field(pattern=r"^[0-9A-Fa-f.:]{2,39}/[0-9]{1,3}$")]
Port = Annotated[int, Field(ge=1, le=65_535)]
_ANY = ("0.0.0.0/0", "::/0")


class Network(Section):
    """The ends of connections that lie outside the stack; docs/network.md lists all connections."""

    application_namespaces: tuple[DnsLabel, ...] = Field(
        default=(),
        description="Namespaces whose Pods may send spans to the agents; empty, Pods of every namespace may.",
    )
    prometheus_namespace: DnsLabel = Field(
        default="monitoring",
        description="Namespace of the Prometheus that scrapes; used with `grafana.service_monitors`.",
    )
    dns_addresses: tuple[Cidr, ...] = Field(
        default=("169.254.20.10/32",),
        description="Networks of DNS servers beside the Pods of kube-system labelled `k8s-app: kube-dns`, on port "
        "53. The default is NodeLocal DNSCache's address; a cluster without it has nothing there.",
    )
    api_server_addresses: tuple[Cidr, ...] = Field(
        default=_ANY,
        min_length=1,
        description="Networks of the Kubernetes API server, to which the agents connect. No label selects it, so "
        "by default it may have any address.",
    )
    api_server_ports: tuple[Port, ...] = Field(
        default=(443, 6443),
        min_length=1,
        description="Ports of the API server: of its Service, and of the server behind it. Network plugins differ "
        "in which of the two they see.",
    )
    external_addresses: tuple[Cidr, ...] = Field(
        default=_ANY,
        min_length=1,
        description="Networks of an object store, a token service, a Prometheus and a Kafka outside the cluster, "
        "each at its own port. Their host names have addresses that change, and a policy knows addresses only, so "
        "by default they may have any.",
    )
    further_ports: tuple[Port, ...] = Field(
        default=(),
        description="Further ports of an object store, a Prometheus and a Kafka that are not this stack's, where "
        "a Pod listens on another port than its Service, or a broker on another than the bootstrap broker. "
        "Policies know the Pod's port.",
    )
    proxy_addresses: tuple[Cidr, ...] = Field(
        default=(),
        description="Networks from which the API server's proxy connects to Pods, usually the API server's own. "
        "They may send spans over HTTP and query Tempo: on a cluster that enforces policies `make up`, "
        "`make query` and `make trace` need them, a port-forward does not.",
    )
