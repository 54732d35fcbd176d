from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import changed

_RULE = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}
_ROLE = Given("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", {"rules": [_RULE]})
_LOCAL = changed(_ROLE, type="kubernetes:rbac.authorization.k8s.io/v1:Role")

CASES = Cases(
    passes=Case([_ROLE]),
    fails=Case(
        [changed(_ROLE, put("rules.0.verbs", ["get", "impersonate"]))],
        says=["Rule 0 grants impersonate, and with it any other right"],
    ),
    missing=Case([changed(_ROLE, drop("rules"))]),
    unknown=Case([changed(_ROLE, put("rules.0.verbs", UNKNOWN))], says=["verbs is not known"]),
    more={
        "writing everywhere": Case(
            [changed(_ROLE, put("rules.0.verbs", ["delete"]))],
            says=["Rule 0 grants delete in all namespaces; allowed: get, list, watch"],
        ),
        "writing in its namespace": Case([changed(_LOCAL, put("rules.0.verbs", ["delete"]))]),
        "running in Pods": Case(
            [changed(_LOCAL, put("rules.0.resources", ["pods/exec"]))], says=["grants access to pods/exec"]
        ),
    },
)
