"""The table of connections: hosts of the settings as peers, and what each stack's components need."""

from typing import Any

import pytest
from hypothesis import given

from plan.plan import make_plan
from render import names
from render.network.edges import Addresses, Edge, OtherPods, OwnPods, Peer, Port
from render.network.hosts import host_of, peers_of, ports_of
from render.network.table import edges
from settings.stack import StackSettings
from tests.support.access import proxied
from tests.support.stacks import STACKS, settings_of
from tests.support.strategies import valid_settings
from tests.support.tempo_configs import of_3

DOJO = settings_of("dojo")
OUTSIDE = Addresses(("0.0.0.0/0", "::/0"))


def table(settings: StackSettings) -> dict[str, Edge]:
    """Return the edges by name."""
    return {edge.name: edge for edge in edges(settings, make_plan(settings))}


@pytest.mark.parametrize(
    ("host", "peer"),
    [
        ("prometheus.monitoring.svc", OtherPods(("monitoring",))),
        ("prometheus.monitoring.svc.cluster.local", OtherPods(("monitoring",))),
        ("prometheus.monitoring.svc.cluster.local.", OtherPods(("monitoring",))),
        ("kafka-0.brokers.kafka.svc", OtherPods(("kafka",))),
        ("kafka", OtherPods((DOJO.environment.namespace,))),
        ("10.1.2.3", Addresses(("10.1.2.3/32",))),
        ("fd00::7", Addresses(("fd00::7/128",))),
        ("s3.example.com", OUTSIDE),
        # Two labels may be a Service and its namespace as well as a host outside.
        ("prometheus.monitoring", OUTSIDE),
        ("monitoring.svc", OUTSIDE),
    ],
)
def test_a_host_is_the_pods_of_a_namespace_an_address_or_anything_outside(host: str, peer: Peer) -> None:
    assert peers_of(host, DOJO) == (peer,)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://a.b.svc", "a.b.svc", 80),
        ("https://A.example.com/prefix", "a.example.com", 443),
        ("http://a:9090/", "a", 9090),
        ("kafka://broker.kafka.svc", "broker.kafka.svc", 9092),
        ("kafka://broker:9094", "broker", 9094),
    ],
)
def test_a_url_without_a_port_has_its_protocols(url: str, host: str, port: int) -> None:
    assert host_of(url) == host
    assert ports_of(url, DOJO) == (Port(port),)
    assert ports_of(url, settings_of("dojo", {"network.further_ports": [port, 7]})) == (Port(port), Port(7))


def test_an_edge_to_no_address_is_refused() -> None:
    """In a policy an empty list of peers allows every peer."""
    with pytest.raises(ValueError, match="leave the edge out"):
        Addresses(())


@pytest.mark.parametrize("stack", STACKS)
def test_every_port_of_a_server_has_an_edge(stack: str) -> None:
    """But those that only the kubelet's probes use, those of parts that this stack does not have, and metrics."""
    declared = {value for name, value in vars(names).items() if name.endswith("_PORT") and isinstance(value, int)}
    found = table(settings_of(stack))
    used = {port.number for edge in found.values() for port in edge.ports}
    unused = {
        "dojo": {
            names.TEMPO_GRPC_PORT,
            names.TEMPO_GOSSIP_PORT,
            names.MEMCACHED_PORT,
        }
    }.get(stack, {names.MINIO_PORT})
    # Its first port is also that of the synthetic check's metrics.
    of_the_proxy = {
        names.ACCESS_LONG_TERM_PORT,
        names.ACCESS_HEALTH_PORT,
        names.TOKEN_CHECK_PORT,
        names.TOKEN_CHECK_METRICS_PORT,
    }
    assert declared - used == {names.COLLECTOR_HEALTH_PORT} | of_the_proxy | unused


def test_behind_the_proxy_nobody_else_queries_tempo() -> None:
    found = table(settings_of("prod", proxied()))
    assert "grafana-to-tempo" not in found
    assert found["grafana-to-access-proxy"].ports == (Port(8080), Port(8082))
    assert found["access-proxy-to-issuer"].ports == (Port(443),)
    frontend = OwnPods(("tempo-query-frontend",))
    reading = {
        edge.name: edge.sources
        for edge in found.values()
        if Port(names.TEMPO_HTTP_PORT) in edge.ports and set(frontend.workloads) & _names(edge)
    }
    assert reading == {
        "check-to-tempo": (OwnPods(("tracing-check",)),),
        "access-proxy-to-tempo": (OwnPods(("access-proxy",)),),
        # Grafana is in the same namespace.
        "prometheus-to-tempo": (OtherPods(("monitoring",), ("app.kubernetes.io/name", "prometheus")),),
    }


def _names(edge: Edge) -> set[str]:
    return {name for peer in edge.targets if isinstance(peer, OwnPods) for name in peer.workloads}


@pytest.mark.parametrize(
    ("changes", "name", "peer", "port"),
    [
        ({}, "tempo-to-store", OUTSIDE, 443),
        ({}, "tempo-to-identity", Addresses(("169.254.170.23/32", "fd00:ec2::23/128")), 80),
        ({}, "tempo-to-prometheus", OtherPods(("monitoring",)), 9090),
        ({"grafana.prometheus_url": "https://prometheus.example.com/write"}, "tempo-to-prometheus", OUTSIDE, 443),
        (of_3(), "tempo-to-kafka", OUTSIDE, 9092),
        ({"network.external_addresses": ["10.0.0.0/8"]}, "tempo-to-store", Addresses(("10.0.0.0/8",)), 443),
    ],
)
def test_what_is_connected_to_follows_the_settings(
    changes: dict[str, Any], name: str, peer: Peer, port: int
) -> None:
    edge = table(settings_of("prod", changes))[name]
    assert edge.targets == (peer,)
    assert edge.ports == (Port(port),)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        (
            {"grafana.service_monitors": False, "span_metrics.source": "tempo"},
            {"prometheus-to-collectors", "prometheus-to-span-metrics", "prometheus-to-tempo"},
        ),
        ({"span_metrics.source": "tempo"}, {"prometheus-to-span-metrics"}),
        (
            {"grafana.prometheus_url": None, "retention.aggregated_metrics_days": None},
            {"tempo-to-prometheus"},
        ),
        ({}, {"tempo-to-kafka", "proxy-to-agent", "proxy-to-tempo", "backend-worker-to-backend-scheduler"}),
        (of_3(), {"distributor-to-ingester", "distributor-to-live-store", "querier-to-metrics-generator"}),
    ],
)
def test_there_is_no_edge_for_what_a_stack_does_not_have(changes: dict[str, Any], missing: set[str]) -> None:
    assert missing & set(table(settings_of("prod", changes))) == set()


def test_tempo_3_has_its_own_edges() -> None:
    found = table(settings_of("prod", of_3()))
    assert found["tempo-to-kafka"].sources == (
        OwnPods(
            (
                "tempo-distributor",
                "tempo-live-store-zone-a",
                "tempo-live-store-zone-b",
                "tempo-block-builder",
                "tempo-metrics-generator",
            )
        ),
    )
    assert found["querier-to-live-store"].targets == (
        OwnPods(("tempo-live-store-zone-a", "tempo-live-store-zone-b")),
    )
    assert found["backend-worker-to-backend-scheduler"].ports == (Port(names.TEMPO_GRPC_PORT),)


def test_only_what_looks_up_names_reaches_dns() -> None:
    """MinIO and memcached connect to nobody, so an intruder in them cannot even ask for a name."""
    resolving = {
        name
        for settings in (DOJO, settings_of("prod"))
        for peer in table(settings)["pods-to-dns"].sources
        if isinstance(peer, OwnPods)
        for name in peer.workloads
    }
    assert {names.MINIO, names.MEMCACHED} & resolving == set()
    assert {names.AGENT, names.GATEWAY, names.TEMPO, names.BUCKET_SETUP, "tempo-querier"} <= resolving


@given(valid_settings())
def test_every_edge_of_any_stack_is_one_of_ours_with_an_end_of_ours(settings: StackSettings) -> None:
    found = edges(settings, make_plan(settings))
    assert len({edge.name for edge in found}) == len(found)
    for edge in found:
        assert edge.sources, edge.name
        assert edge.targets, edge.name
        assert edge.ports, edge.name
        own = [peer for peer in (*edge.sources, *edge.targets) if isinstance(peer, OwnPods)]
        assert own, edge.name
        assert all(peer.workloads for peer in own), edge.name
