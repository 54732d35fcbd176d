"""Connections of a stack with what lies outside it: the cluster, the object store, the platform."""

from collections.abc import Iterator

from plan.plan import Plan
from plan.tempo.majors import METRICS_GENERATOR, QUERY_FRONTEND
from render.names import (
    AGENT,
    BUCKET_SETUP,
    COLLECTOR_METRICS_PORT,
    GATEWAY,
    MINIO,
    MINIO_PORT,
    OTLP_GRPC_PORT,
    OTLP_HTTP_PORT,
    SPAN_METRICS_PORT,
    SYNTHETIC_CHECK,
    TEMPO_HTTP_PORT,
)
from render.network.access import proxied, query_edges, scraper
from render.network.edges import Addresses, Edge, OtherPods, OwnPods, Peer, Port, tcp
from render.network.hosts import host_of, peers_of, ports_of
from render.network.tempo import all_tempo, pods_of, users_of_kafka, users_of_the_store
from render.tempo.config import store_endpoint
from settings.stack import StackSettings

_AGENT = OwnPods((AGENT,))
# The second is where DNS Pods without the privilege for port 53 listen, behind a Service that has 53: in the lab.
_DNS = tuple(Port(number, protocol) for number in (53, 5353) for protocol in ("UDP", "TCP"))
# The labels of CoreDNS and its predecessor wherever Kubernetes' own installers, EKS, AKS or GKE run it.
_DNS_PODS = OtherPods(("kube-system",), ("k8s-app", "kube-dns"))
_HTTPS = tcp(443)
# The EKS Pod Identity Agent on the Pod's own node, of either family (EKS's guide, "Understand how EKS Pod Identity
# works").
_IDENTITY_AGENT = Addresses(("169.254.170.23/32", "fd00:ec2::23/128"))


def cluster_edges(settings: StackSettings, plan: Plan) -> Iterator[Edge]:
    """Yield connections to the cluster's own services.

    MinIO and memcached look up no name and connect to nobody. Probes need no edge: Kubernetes always allows the
    traffic of a Pod's own node.
    """
    network = settings.network
    check = (SYNTHETIC_CHECK,) if settings.synthetic_check.enabled else ()
    tempo = all_tempo(plan).workloads
    resolvers = (AGENT, GATEWAY, *tempo, *check, *_bucket_setup(settings), *proxied(settings))
    servers: tuple[Peer, ...] = (_DNS_PODS,)
    if network.dns_addresses:
        servers += (Addresses(network.dns_addresses),)
    yield Edge(
        name="pods-to-dns", sources=(OwnPods(resolvers),), targets=servers, ports=_DNS, why="names of Services"
    )
    yield Edge(
        name="agent-to-api-server",
        sources=(_AGENT,),
        targets=(Addresses(network.api_server_addresses),),
        ports=tcp(*network.api_server_ports),
        why="the Pods of its node, for the k8s.* attributes",
    )


def store_edges(settings: StackSettings, plan: Plan) -> Iterator[Edge]:
    """Yield connections to the bucket, and to what issues credentials for it."""
    tempo = users_of_the_store(plan)
    users = OwnPods((*tempo.workloads, *_bucket_setup(settings)))
    targets, ports = _store(settings)
    yield Edge(name="tempo-to-store", sources=(users,), targets=targets, ports=ports, why="blocks in the bucket")
    aws = settings.object_store.aws
    if aws and aws.identity == "pod_identity":
        issuer, ports, who = _IDENTITY_AGENT, tcp(80), "the node's Pod Identity Agent"
    elif aws:
        issuer, ports, who = Addresses(settings.network.external_addresses), _HTTPS, "Amazon's token service"
    else:
        return
    yield Edge(
        name="tempo-to-identity",
        sources=(tempo,),
        targets=(issuer,),
        ports=ports,
        why=f"credentials of the role, from {who}",
    )


def platform_edges(settings: StackSettings, plan: Plan) -> Iterator[Edge]:
    """Yield connections with applications, Prometheus, Grafana, the API server's proxy and Kafka."""
    network, grafana = settings.network, settings.grafana
    frontend = pods_of(plan, QUERY_FRONTEND)
    yield Edge(
        name="applications-to-agent",
        sources=(OtherPods(network.application_namespaces),),
        targets=(_AGENT,),
        ports=tcp(OTLP_GRPC_PORT, OTLP_HTTP_PORT),
        why="spans of the applications",
    )
    yield from query_edges(settings, plan)
    if grafana.service_monitors:
        prometheus = OtherPods((network.prometheus_namespace,))
        yield from _scrapes(prometheus, scraper(settings), all_tempo(plan))
        if settings.span_metrics.source == "agents":
            yield Edge(
                name="prometheus-to-span-metrics",
                sources=(prometheus,),
                targets=(_AGENT,),
                ports=tcp(SPAN_METRICS_PORT),
                why="scrapes of span metrics",
            )
    if grafana.prometheus_url:
        yield _to(
            "tempo-to-prometheus",
            pods_of(plan, METRICS_GENERATOR),
            grafana.prometheus_url,
            settings,
            _remote_written(settings),
        )
    kafka = settings.tempo.kafka
    if kafka:
        yield _to(
            "tempo-to-kafka",
            users_of_kafka(settings, plan),
            f"kafka://{kafka.address}",
            settings,
            "spans between distributors and the rest",
        )
    if network.proxy_addresses:
        yield from _proxied(Addresses(network.proxy_addresses), frontend)


def _bucket_setup(settings: StackSettings) -> tuple[str, ...]:
    """Return the Job that configures the bucket; Amazon's buckets need none."""
    return () if settings.object_store.aws else (BUCKET_SETUP,)


def _store(settings: StackSettings) -> tuple[tuple[Peer, ...], tuple[Port, ...]]:
    store = settings.object_store
    if store.kind == "minio":
        return (OwnPods((MINIO,)),), tcp(MINIO_PORT)
    if store.kind == "aws_s3":
        return (Addresses(settings.network.external_addresses),), _HTTPS
    host, plain_http = store_endpoint(store, settings.environment.namespace)
    url = f"{'http' if plain_http else 'https'}://{host}"
    return peers_of(host_of(url), settings), ports_of(url, settings)


def _remote_written(settings: StackSettings) -> str:
    both = settings.span_metrics.source == "tempo"
    return f"{'span metrics and ' if both else ''}service graphs by remote write"


def _scrapes(prometheus: OtherPods, of_tempo: OtherPods, tempo: OwnPods) -> Iterator[Edge]:
    for name, source, pods, port in (
        ("prometheus-to-collectors", prometheus, OwnPods((AGENT, GATEWAY)), COLLECTOR_METRICS_PORT),
        ("prometheus-to-tempo", of_tempo, tempo, TEMPO_HTTP_PORT),
    ):
        yield Edge(name=name, sources=(source,), targets=(pods,), ports=tcp(port), why="scrapes of metrics")


def _proxied(proxy: Addresses, frontend: OwnPods) -> Iterator[Edge]:
    yield Edge(
        name="proxy-to-agent",
        sources=(proxy,),
        targets=(_AGENT,),
        ports=tcp(OTLP_HTTP_PORT),
        why="test requests through the API server",
    )
    yield Edge(
        name="proxy-to-tempo",
        sources=(proxy,),
        targets=(frontend,),
        ports=tcp(TEMPO_HTTP_PORT),
        why="queries through the API server",
    )


def _to(name: str, sources: OwnPods, url: str, settings: StackSettings, why: str) -> Edge:
    targets, ports = peers_of(host_of(url), settings), ports_of(url, settings)
    return Edge(name=name, sources=(sources,), targets=targets, ports=ports, why=why)
