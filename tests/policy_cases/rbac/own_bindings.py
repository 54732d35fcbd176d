from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import ACCOUNT, NAMESPACE, changed

_GROUP = "kubernetes:rbac.authorization.k8s.io/v1"
_ROLE = Given(f"{_GROUP}:ClusterRole", "role", {"metadata": {"name": "agent"}})
_BINDING = Given(
    f"{_GROUP}:ClusterRoleBinding",
    "binding",
    {
        "roleRef": {"kind": "ClusterRole", "name": "agent"},
        "subjects": [{"kind": "ServiceAccount", "name": "tempo", "namespace": NAMESPACE}],
    },
)

CASES = Cases(
    passes=Case([ACCOUNT, _ROLE, _BINDING]),
    fails=Case(
        [ACCOUNT, _ROLE, changed(_BINDING, put("roleRef.name", "cluster-admin"))],
        says=["grants the ClusterRole cluster-admin, which is not ours"],
    ),
    missing=Case([ACCOUNT, _ROLE, changed(_BINDING, drop("roleRef.name"))], says=["roleRef.name is missing"]),
    unknown=Case(
        [ACCOUNT, _ROLE, changed(_BINDING, put("subjects.0.name", UNKNOWN))],
        says=["subjects[0].name is not known"],
    ),
    more={
        "another account": Case(
            [ACCOUNT, _ROLE, changed(_BINDING, put("subjects.0.name", "default"))],
            says=["the ServiceAccount default, which is no ServiceAccount of this stack"],
        ),
        "another namespace": Case(
            [ACCOUNT, _ROLE, changed(_BINDING, put("subjects.0.namespace", "other"))],
            says=["no ServiceAccount of"],
        ),
        "everybody": Case(
            [
                ACCOUNT,
                _ROLE,
                changed(_BINDING, put("subjects.0", {"kind": "Group", "name": "system:authenticated"})),
            ],
            says=["the Group system:authenticated"],
        ),
    },
)
