from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import SERVICE, changed, object_

CASES = Cases(
    passes=Case([SERVICE]),
    fails=Case(
        [changed(SERVICE, put("spec.type", "LoadBalancer"))], says=["of the type LoadBalancer; only ClusterIP"]
    ),
    missing=Case([changed(SERVICE, drop("spec"))]),
    unknown=Case([changed(SERVICE, put("spec.type", UNKNOWN))], says=["spec.type is not known"]),
    more={
        "an address of its own": Case(
            [changed(SERVICE, put("spec.externalIPs", ["203.0.113.1"]))], says=["external addresses 203.0.113.1"]
        ),
        "an Ingress": Case([object_("networking.k8s.io/v1:Ingress", "tempo", {})], says=["A Ingress exposes"]),
        "a route of the Gateway API": Case(
            [object_("gateway.networking.k8s.io/v1:HTTPRoute", "tempo", {})], says=["A HTTPRoute exposes"]
        ),
    },
)
