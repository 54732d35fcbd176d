from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import DEPLOYMENT, LABELS, TRACING_NAMESPACE, changed, object_

_DENY = object_(
    "networking.k8s.io/v1:NetworkPolicy", "deny", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
)
_OWN = changed(_DENY, put("spec.podSelector.matchLabels", LABELS), name="own")
_NO_DEFAULT = "The namespace tracing has no policy that denies all connections"

CASES = Cases(
    passes=Case([DEPLOYMENT, TRACING_NAMESPACE, _DENY]),
    fails=Case(
        [DEPLOYMENT, TRACING_NAMESPACE], says=["No network policy is about its ingress or egress", _NO_DEFAULT]
    ),
    missing=Case(
        [DEPLOYMENT, changed(_DENY, drop("spec.policyTypes"))],
        says=["No network policy is about its egress", _NO_DEFAULT],
    ),
    unknown=Case(
        [DEPLOYMENT, changed(_DENY, put("spec.podSelector", UNKNOWN))], says=["podSelector is not known"]
    ),
    more={
        "no default": Case([DEPLOYMENT, TRACING_NAMESPACE, _OWN], says=[_NO_DEFAULT]),
        "a default that allows": Case([DEPLOYMENT, changed(_DENY, put("spec.egress", [{}]))], says=[_NO_DEFAULT]),
        "the policies of another namespace": Case(
            [DEPLOYMENT, changed(_DENY, put("metadata.namespace", "other"))],
            says=["No network policy is about its ingress or egress", _NO_DEFAULT],
        ),
        "rules for egress imply it": Case(
            [DEPLOYMENT, changed(_OWN, drop("spec.policyTypes"), put("spec.egress", [{}]))], says=[_NO_DEFAULT]
        ),
    },
)
