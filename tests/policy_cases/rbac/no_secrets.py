from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import changed

_RULE = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}
_ROLE = Given("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", {"rules": [_RULE]})
_SECRETS = changed(_ROLE, put("rules.0.resources", ["pods", "secrets"]))
_LOCAL = changed(_SECRETS, type="kubernetes:rbac.authorization.k8s.io/v1:Role")

CASES = Cases(
    passes=Case([_ROLE]),
    fails=Case([_SECRETS], says=["Rule 0 grants access to Secrets of all namespaces"]),
    missing=Case([changed(_SECRETS, drop("rules"))]),
    unknown=Case([changed(_ROLE, put("rules.0.resources", UNKNOWN))], says=["resources is not known"]),
    more={
        "all of a namespace": Case([_LOCAL], says=["all Secrets of the namespace"]),
        "one Secret": Case([changed(_LOCAL, put("rules.0.resourceNames", ["tls"]))]),
        "what is named so in another group": Case([changed(_SECRETS, put("rules.0.apiGroups", ["example.com"]))]),
    },
)
