"""Connections that should not be possible."""

from typing import Any

from tests.seeds.rights import LABELS
from tests.seeds.seed import Added, Seed, put

_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


def _object(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "fawkes-observability", "labels": LABELS}, "spec": spec}


_LABEL = {"app.kubernetes.io/name": "access-proxy"}
_PROXY: dict[str, Any] = {
    "replicas": 2,
    "selector": {"matchLabels": _LABEL},
    "template": {
        "metadata": {"labels": _LABEL},
        "spec": {"containers": [{"name": "caddy", "image": "docker.io/library/caddy:2.11.9-alpine"}]},
    },
}

SEEDS = (
    Seed(
        name="every Pod of the cluster may query Tempo",
        rule="applications-reach-receivers-only",
        resource="tempo-query-frontend-server",
        says="Pods of applications reach port 3200/TCP",
        edits={
            "network-grafana-to-tempo-ingress": put("spec.ingress.0.from.0.namespaceSelector", {}),
        },
    ),
    Seed(
        name="a team's namespace may reach the cache",
        rule="applications-reach-receivers-only",
        resource="tempo-memcached-server",
        says="Pods of applications reach port 11211/TCP",
        edits={
            "network-tempo-to-cache-ingress": put(
                "spec.ingress.0.from.0", {"namespaceSelector": {"matchLabels": {"team": "shop"}}}
            ),
        },
    ),
    Seed(
        name="the namespace denies nothing by default",
        rule="pods-have-network-policies",
        resource="tracing-namespace",
        says="has no policy that denies all connections",
        removed=("network-default-deny",),
    ),
    Seed(
        name="a Service has an address on the internet",
        rule="services-stay-inside",
        resource="tempo-querier-service",
        says="of the type LoadBalancer; only ClusterIP is allowed",
        edits={"tempo-querier-service": put("spec.type", "LoadBalancer")},
    ),
    Seed(
        name="Tempo has a route from outside",
        rule="services-stay-inside",
        resource="tempo-ingress",
        says="A Ingress exposes the stack",
        added=(
            Added(
                "kubernetes:networking.k8s.io/v1:Ingress",
                "tempo-ingress",
                _object(
                    "tempo", {"defaultBackend": {"service": {"name": "tempo-querier", "port": {"number": 3200}}}}
                ),
                like="tempo-querier-service",
            ),
        ),
    ),
    Seed(
        name="a policy lets everybody in",
        rule="policies-open-little",
        resource="everybody",
        says="Rule 0 of ingress is for any address on all ports",
        added=(
            Added(
                _POLICY,
                "everybody",
                _object("everybody", {"podSelector": {}, "ingress": [{}]}),
                like="gateway-service",
            ),
        ),
    ),
    Seed(
        name="Pods may reach any host by SSH",
        rule="policies-open-little",
        resource="anywhere",
        says="Rule 0 of egress is for any address on 22",
        added=(
            Added(
                _POLICY,
                "anywhere",
                _object(
                    "anywhere",
                    {
                        "podSelector": {},
                        "policyTypes": ["Egress"],
                        "egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 22}]}],
                    },
                ),
                like="gateway-service",
            ),
        ),
    ),
    Seed(
        name="the access proxy is there, and Grafana still reaches Tempo",
        rule="tempo-is-read-through-the-proxy",
        resource="network-grafana-to-tempo-ingress",
        says="every Pod of other namespaces reach port 3200 of Tempo",
        added=(
            Added(
                "kubernetes:apps/v1:Deployment",
                "access-proxy",
                _object("access-proxy", _PROXY),
                like="gateway-service",
            ),
        ),
    ),
    Seed(
        name="every Pod of the VPC may query the traces of all tenants",
        rule="policies-open-little",
        resource="network-proxy-to-tempo-ingress",
        says="Rule 0 of ingress is for any address on 3200",
        settings={"network.proxy_addresses": ["10.0.0.0/8"]},
    ),
)
