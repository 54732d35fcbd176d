from typing import Any

from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import DEPLOYMENT, LABELS, changed, object_

_RECEIVERS = {"workloads": ["tempo"], "ports": [3200]}
_MAY = "they may reach 4317, 4318 of otel-agent"


def _policy(peer: Any, *ports: dict[str, Any]) -> Given:
    ingress = [{"from": [peer], "ports": list(ports)}]
    spec = {"podSelector": {"matchLabels": LABELS}, "policyTypes": ["Ingress"], "ingress": ingress}
    return object_("networking.k8s.io/v1:NetworkPolicy", "policy", spec)


def _named(*names: str) -> dict[str, Any]:
    condition = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": list(names)}
    return {"namespaceSelector": {"matchExpressions": [condition]}}


_ANYBODY: dict[str, Any] = {"namespaceSelector": {}}
_HTTP = {"port": "http"}

CASES = Cases(
    passes=Case([DEPLOYMENT, _policy(_named("monitoring"), _HTTP), _policy({"podSelector": {}})]),
    fails=Case([DEPLOYMENT, _policy(_ANYBODY, _HTTP)], says=[f"Pods of applications reach port 3200/TCP; {_MAY}"]),
    missing=Case([DEPLOYMENT, changed(_policy(_ANYBODY, _HTTP), drop("spec.ingress"))]),
    unknown=Case([DEPLOYMENT, _policy(UNKNOWN)], says=["spec.ingress[0].from[0] is not known"]),
    more={
        "a receiver": Case([DEPLOYMENT, _policy(_ANYBODY, _HTTP)], config=_RECEIVERS),
        "another port of a receiver": Case(
            [DEPLOYMENT, _policy(_ANYBODY, _HTTP, {"port": 8888})], says=["port 8888/TCP"], config=_RECEIVERS
        ),
        "all ports of a receiver": Case(
            [DEPLOYMENT, _policy(_ANYBODY)], says=["reach all ports"], config=_RECEIVERS
        ),
        "namespaces by their names": Case([DEPLOYMENT, _policy(_named("monitoring", "shop"))], says=["all ports"]),
        "namespaces by a label": Case(
            [DEPLOYMENT, _policy({"namespaceSelector": {"matchLabels": {"team": "a"}}}, _HTTP)],
            says=["port 3200/TCP"],
        ),
        "Pods of other namespaces by a label": Case(
            [DEPLOYMENT, _policy({**_ANYBODY, "podSelector": {"matchLabels": {"app": "shop"}}}, _HTTP)],
            says=["port 3200/TCP"],
        ),
        "a namespace without applications": Case(
            [DEPLOYMENT, _policy(_named("shop"))], config={"platform_namespaces": ["shop"]}
        ),
        "no policy, which is the matter of another rule": Case([DEPLOYMENT]),
        "a rule without a shape": Case(
            [DEPLOYMENT, changed(_policy(_ANYBODY), put("spec.ingress.0", None))],
            says=["is not one that Kubernetes accepts"],
        ),
        "what Kubernetes refuses": Case(
            [DEPLOYMENT, changed(_policy(_ANYBODY), put("spec.policyTypes", ["Sideways"]))],
            says=["is not one that Kubernetes accepts"],
        ),
    },
)
