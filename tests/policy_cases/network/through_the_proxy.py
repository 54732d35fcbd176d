from typing import Any

from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import DEPLOYMENT, LABELS, changed, object_

_NAME = "app.kubernetes.io/name"
_PROXY = changed(
    DEPLOYMENT,
    put("metadata.name", "access-proxy"),
    put("spec.template.metadata.labels", {_NAME: "access-proxy"}),
    put("spec.template.spec.containers.0.ports.0.containerPort", 8080),
    name="proxy",
)
_HTTP = {"port": 3200}


def _policy(peers: Any, *ports: dict[str, Any]) -> Given:
    spec = {"podSelector": {"matchLabels": LABELS}, "policyTypes": ["Ingress"]}
    rule = {"from": peers, "ports": list(ports or (_HTTP,))}
    return object_("networking.k8s.io/v1:NetworkPolicy", "policy", {**spec, "ingress": [rule]})


def _own(*names: str) -> dict[str, Any]:
    return {"podSelector": {"matchExpressions": [{"key": _NAME, "operator": "In", "values": list(names)}]}}


def _monitoring(**labels: str) -> dict[str, Any]:
    pods = {"podSelector": {"matchLabels": {_NAME: labels["name"]}}} if labels else {}
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}, **pods}


_PROMETHEUS = _monitoring(name="prometheus")
_BLOCK = {"ipBlock": {"cidr": "10.0.0.7/32"}}

CASES = Cases(
    passes=Case([DEPLOYMENT, _PROXY, _policy([_own("access-proxy", "tracing-check"), _PROMETHEUS, _BLOCK])]),
    fails=Case(
        [DEPLOYMENT, _PROXY, _policy([_monitoring()])],
        says=["It lets every Pod of other namespaces reach port 3200 of Tempo, past the access proxy"],
    ),
    missing=Case([DEPLOYMENT, _PROXY, changed(_policy([_monitoring()]), drop("spec.ingress"))]),
    unknown=Case([DEPLOYMENT, _PROXY, _policy([UNKNOWN])], says=["is not known"]),
    more={
        "no proxy, so Grafana reads by itself": Case([DEPLOYMENT, _policy([_monitoring()])]),
        "everybody": Case([DEPLOYMENT, _PROXY, _policy([])], says=["lets everybody reach"]),
        "another of the stack's own Pods": Case(
            [DEPLOYMENT, _PROXY, _policy([_own("access-proxy", "otel-agent")])],
            says=["lets Pods named otel-agent"],
        ),
        "all of the stack's own Pods": Case(
            [DEPLOYMENT, _PROXY, _policy([{"podSelector": {}}])], says=["every Pod of its namespace"]
        ),
        "Grafana by its label": Case(
            [DEPLOYMENT, _PROXY, _policy([_monitoring(name="grafana")])], says=["lets Pods named grafana"]
        ),
        "the proxy's name in another namespace": Case(
            [DEPLOYMENT, _PROXY, _policy([_monitoring(name="access-proxy")])], says=["Pods named access-proxy"]
        ),
        "a range of ports": Case(
            [DEPLOYMENT, _PROXY, _policy([_monitoring()], {"port": 3000, "endPort": 3300})], says=["every Pod"]
        ),
        "a port by its name": Case(
            [DEPLOYMENT, _PROXY, _policy([_monitoring()], {"port": "http"})], says=["every"]
        ),
        "every port": Case([DEPLOYMENT, _PROXY, _policy([_monitoring()], {"protocol": "TCP"})], says=["every"]),
        "another port": Case([DEPLOYMENT, _PROXY, _policy([_monitoring()], {"port": 4317})]),
        "a reader of the bounds": Case(
            [DEPLOYMENT, _PROXY, _policy([_monitoring(name="grafana")])], config={"other_readers": ["grafana"]}
        ),
    },
)
