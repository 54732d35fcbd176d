from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import changed

_RULE = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}
_ROLE = Given("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", {"rules": [_RULE]})

CASES = Cases(
    passes=Case([_ROLE]),
    fails=Case(
        [changed(_ROLE, put("rules.0.verbs", ["*"]), put("rules.0.resources", ["*/scale"]))],
        says=["Rule 0 grants everything by a star in resources, verbs"],
    ),
    missing=Case([changed(_ROLE, drop("rules"))]),
    unknown=Case([changed(_ROLE, put("rules.0.verbs", UNKNOWN))], says=["rules[0].verbs is not known"]),
)
