"""Network policies of the whole program: what they allow is the table of edges, and all that the stack needs."""

import functools
import itertools
import re
from typing import Any

import pytest
import yaml

from plan.plan import make_plan
from policies.network.parties import Connection, Pod
from render.files import render
from render.grafana.datasources import DATASOURCES_FILE
from render.network.table import edges
from settings.stack import StackSettings
from snapshot.program import record_program
from snapshot.recorder import Recorder
from tests.support.access import BY_NAMESPACE, proxied
from tests.support.network import HOSTS, INTERNET, METADATA, NAMESPACE, NODE_DNS, Surroundings, shown
from tests.support.stacks import STACKS, as_config, sections, settings_of
from tests.support.tempo_configs import of_3

OWN_STORE = {
    "object_store.kind": "s3_compatible",
    "object_store.minio": None,
    "object_store.endpoint": "objects.example.com:8333",
    "images.object_store": None,
}
KEYS = {f"fawkes-tracing:object_store_{name}_key": "given" for name in ("access", "secret")}
# Stacks by name, each a committed one and changes.
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    **{stack: (stack, {}) for stack in STACKS},
    "kafka": ("prod", of_3({"tempo.kafka": {"address": "broker.kafka.svc:9092"}})),
    "store of its own": ("dojo", OWN_STORE),
    "monolith with everything": (
        "dojo",
        {"grafana.prometheus_url": "http://prometheus.monitoring.svc:9090", "grafana.service_monitors": True},
    ),
    "irsa": (
        "prod",
        {
            "object_store.aws.identity": "irsa",
            "object_store.aws.oidc_provider_arn": (
                "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A"
            ),
        },
    ),
    "access proxy": ("prod", proxied()),
    "access proxy of a monolith": ("dojo", proxied({"access.groups": [], **BY_NAMESPACE})),
    "closed": (
        "prod",
        {
            "network.application_namespaces": ["backstage", "argocd", "jenkins"],
            "network.api_server_addresses": ["10.0.12.34/32"],
            "network.external_addresses": ["10.0.12.34/32"],
            "network.dns_addresses": [],
            "network.proxy_addresses": ["10.0.12.34/32"],
            "network.further_ports": [9999],
        },
    ),
}
every_variant = pytest.mark.parametrize("variant", VARIANTS)
# Where the settings expect Grafana.
GRAFANA = "monitoring"
# The ends of `http://host:port`, `host:port` and of a host alone, where the host is a Service of the stack.
SERVICE = re.compile(rf"([a-z0-9-]+)\.{NAMESPACE}\.svc(?::([0-9]+))?")


@functools.cache
def program(variant: str) -> Recorder:
    """Return the record of a variant."""
    stack, changes = VARIANTS[variant]
    return record_program(as_config(sections(stack, changes)) | KEYS, stack)


@functools.cache
def surroundings(variant: str) -> Surroundings:
    """Return a variant among others in a cluster."""
    return Surroundings(program(variant))


def settings(variant: str) -> StackSettings:
    """Return the settings of a variant."""
    stack, changes = VARIANTS[variant]
    return settings_of(stack, changes)


def services(around: Surroundings) -> dict[str, dict[str, Any]]:
    """Return the spec of every Service by its name."""
    return {one["metadata"]["name"]: one["spec"] for one in around.objects if one["kind"] == "Service"}


def behind(around: Surroundings, service: dict[str, Any]) -> list[Pod]:
    """Return the Pods that a Service leads to."""
    return [pod for pod in around.own if service["selector"].items() <= pod.labels.items()]


@every_variant
def test_exactly_the_edges_of_the_table_are_allowed(variant: str) -> None:
    """Between all Pods, others of the cluster and hosts outside, on every port that anybody uses."""
    around, of = surroundings(variant), settings(variant)
    assert around.allowed() == around.in_table(edges(of, make_plan(of)))


@every_variant
def test_every_pod_is_isolated_in_both_directions(variant: str) -> None:
    around = surroundings(variant)
    assert around.own
    for pod in around.own:
        for direction in ("Ingress", "Egress"):
            names = {policy.name for policy in around.reach.isolating(pod, direction)}
            assert "default-deny" in names, f"{shown(pod)} {direction}"


@every_variant
def test_every_policy_is_about_a_pod_that_runs(variant: str) -> None:
    """One without Pods would be left over from a component that the stack does not have."""
    around = surroundings(variant)
    for policy in around.reach.policies:
        assert [pod for pod in around.own if any(policy.isolates(pod, d) for d in policy.directions)], policy.name


@every_variant
def test_no_rule_is_open_to_everybody_by_an_empty_list(variant: str) -> None:
    for one in surroundings(variant).objects:
        if one["kind"] == "NetworkPolicy":
            rules = [*one["spec"].get("ingress", []), *one["spec"].get("egress", [])]
            assert all(rule.get("from") or rule.get("to") for rule in rules), one["metadata"]["name"]
            assert all(rule.get("ports") for rule in rules), one["metadata"]["name"]


def readers(around: Surroundings, file: str) -> list[Pod]:
    """Return the Pods that read a rendered file."""
    names = {
        "collector-agent.yaml": "otel-agent",
        "collector-gateway.yaml": "otel-gateway",
        "setup.sh": "object-store",
        "synthetic-check.json": "tracing-check",
        "Caddyfile": "access-proxy",
    }
    if file in names:
        return [around.workload(names[file])]
    if file == DATASOURCES_FILE:
        return [pod for pod in around.reach.pods if pod.namespace == GRAFANA]
    return [pod for pod in around.own if "tempo" in shown(pod) and shown(pod) != "tempo-memcached"]


@every_variant
def test_every_service_that_a_rendered_file_names_can_be_reached_by_a_reader(variant: str) -> None:
    around, of = surroundings(variant), settings(variant)
    named = {
        (file, host, port)
        for file, text in render(of, make_plan(of)).files().items()
        # The name of a gossip cluster and the names in certificates look alike, and are no addresses.
        for host, port in SERVICE.findall(
            re.sub(r"(cluster_label|tls_server_name|server_name_override): .*", "", text)
        )
    }
    assert {file for file, _, _ in named} >= {"collector-agent.yaml", "collector-gateway.yaml"}
    for file, host, port in named:
        service = services(around)[host]
        # memcached's port is looked up by its name; the agents' resolver has its own key for the port.
        numbers = (
            [int(port)] if port else [one["port"] for one in service["ports"] if one["port"] in (4317, 11211)]
        )
        assert numbers, host
        targets = behind(around, service)
        assert targets, host
        for target in targets:
            sources = [pod for pod in readers(around, file) if pod != target or "gossip" in host]
            reached = [s for s in sources for n in numbers if around.reach.allows(Connection(s, target, n))]
            assert reached, f"{file}: {host}:{port} → {shown(target)}"


@every_variant
def test_every_port_of_a_service_has_a_client(variant: str) -> None:
    """A port that nobody may reach is a leftover, or an edge that is missing."""
    around = surroundings(variant)
    allowed = {(target, port) for _, target, port, _ in around.allowed()}
    unused = {
        (name, port["port"])
        for name, service in services(around).items()
        for port in service["ports"]
        for pod in behind(around, service)
        if (shown(pod), port["port"]) not in allowed
    }
    assert unused <= KNOWN_UNUSED


# Ports that Services have because every process of a kind has them. Nobody connects to the HTTP receiver of
# gateways and Tempo (agents and gateways speak gRPC), to the gRPC server of processes that only fetch work, nor,
# without a Prometheus that scrapes, to metrics.
_TEMPO = ("tempo", "tempo-headless", "tempo-distributor")
_FETCHING = ("distributor", "querier", "compactor", "metrics-generator", "block-builder", "backend-worker")
KNOWN_UNUSED = {
    ("otel-gateway", 4318),
    *((name, 4318) for name in _TEMPO),
    *((name, 9095) for name in (*_TEMPO[:2], *(f"tempo-{target}" for target in _FETCHING))),
    *((name, 8888) for name in ("otel-agent", "otel-gateway")),
}


@pytest.mark.parametrize("variant", ["staging", "prod", "kafka", "monolith with everything"])
def test_prometheus_reaches_every_target_of_a_service_monitor(variant: str) -> None:
    around = surroundings(variant)
    (prometheus,) = [pod for pod in around.reach.pods if pod.name == "prometheus"]
    monitors = [one for one in around.objects if one["kind"] == "ServiceMonitor"]
    assert monitors
    labelled = [one for one in around.objects if one["kind"] == "Service"]
    for monitor in monitors:
        wanted = monitor["spec"]["selector"]["matchLabels"].items()
        (service,) = [one for one in labelled if wanted <= one["metadata"]["labels"].items()]
        scraped = {endpoint["port"] for endpoint in monitor["spec"]["endpoints"]}
        ports = [one["port"] for one in service["spec"]["ports"] if one["name"] in scraped]
        assert len(ports) == len(scraped)
        for pod, port in itertools.product(behind(around, service["spec"]), ports):
            assert around.reach.allows(Connection(prometheus, pod, port)), shown(pod)


def test_the_dojo_allows_what_a_reader_expects() -> None:
    """Counted out by hand, so that the table itself is compared with something."""
    applications = (
        "shop/checkout",
        "backstage/backstage",
        "monitoring/prometheus",
        "kafka/broker",
        "copy/otel-agent",
    )
    system = ("kube-system/coredns", "kube-system/metrics-server")
    names = [
        (server, port, protocol)
        for server in ("kube-system/coredns", NODE_DNS)
        for port in (53, 5353)
        for protocol in ("TCP", "UDP")
    ]
    assert surroundings("dojo").allowed() == {
        *((source, "otel-agent", port, "TCP") for source in (*applications, *system) for port in (4317, 4318)),
        ("monitoring/prometheus", "otel-agent", 8888, "TCP"),
        ("monitoring/prometheus", "otel-agent", 8889, "TCP"),
        ("monitoring/prometheus", "otel-gateway", 8888, "TCP"),
        ("tempo", "monitoring/prometheus", 9090, "TCP"),
        ("otel-agent", "otel-gateway", 4317, "TCP"),
        ("otel-gateway", "tempo", 4317, "TCP"),
        ("tracing-check", "otel-agent", 4318, "TCP"),
        ("tracing-check", "otel-gateway", 4318, "TCP"),
        ("tracing-check", "tempo", 3200, "TCP"),
        ("monitoring/prometheus", "tracing-check", 8080, "TCP"),
        ("tempo", "minio", 9000, "TCP"),
        ("object-store", "minio", 9000, "TCP"),
        ("monitoring/prometheus", "tempo", 3200, "TCP"),
        *(
            (source, *name)
            for source in ("otel-agent", "otel-gateway", "tempo", "object-store", "tracing-check")
            for name in names
        ),
        *(("otel-agent", host, port, "TCP") for host in HOSTS for port in (443, 6443)),
    }


@every_variant
def test_what_an_intruder_would_try_is_denied(variant: str) -> None:
    allowed = surroundings(variant).allowed()
    # From an application, from another release's agent, and from a Pod that somebody put into the namespace.
    assert {(target, port) for source, target, port, _ in allowed if source.startswith(("shop/", "copy/"))} <= {
        ("otel-agent", 4317),
        ("otel-agent", 4318),
    }
    assert "stranger" not in {end for source, target, _, _ in allowed for end in (source, target)}
    # From the internet, into other namespaces, and to the node's own role.
    assert INTERNET not in {source for source, _, _, _ in allowed}
    assert not [one for one in allowed if one[1].startswith(("shop/", "backstage/", "copy/"))]
    assert (METADATA, 80) not in {(target, port) for _, target, port, _ in allowed}
    # Spans that are not masked yet leave gateways for Tempo only.
    assert {target for source, target, _, _ in allowed if source == "otel-gateway"} <= {
        *("tempo", "tempo-distributor", "kube-system/coredns", NODE_DNS)
    }


def test_named_namespaces_alone_may_send() -> None:
    senders = {source for source, target, _, _ in surroundings("closed").allowed() if target == "otel-agent"}
    assert senders == {"backstage/backstage", "monitoring/prometheus", "10.0.12.34", "tracing-check"}


def test_policies_are_there_before_every_pod() -> None:
    """Otherwise a Pod would run unprotected for a moment of each first deployment."""
    for stack in STACKS:
        recorder = program(stack)
        deny = recorder.one("network-default-deny")
        of_edges = {one.urn for one in recorder.of_type("NetworkPolicy")} - {deny.urn}
        assert of_edges
        assert of_edges <= set(deny.dependencies)
        for component in ("agent", "gateway", "tempo", "store"):
            assert deny.urn in recorder.one(component).dependencies, component


def test_the_text_of_the_rendered_files_is_what_runs() -> None:
    """The addresses above are read from the files that the ConfigMaps hold."""
    of = settings("prod")
    assert yaml.safe_load(render(of, make_plan(of)).tempo)["querier"]["frontend_worker"]["frontend_address"] == (
        f"tempo-query-frontend-discovery.{NAMESPACE}.svc:9095"
    )
