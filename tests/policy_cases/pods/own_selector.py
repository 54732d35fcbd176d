from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import DEPLOYMENT, changed

_FIELD = "spec.selector.matchLabels"

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(f"{_FIELD}.app", "other"))], says=["does not select the workload's own Pods"]
    ),
    missing=Case([changed(DEPLOYMENT, drop("spec.selector"))], says=["The selector is empty"]),
    unknown=Case([changed(DEPLOYMENT, put(_FIELD, UNKNOWN))], says=["matchLabels is not known"]),
    more={
        "an expression": Case(
            [
                changed(
                    DEPLOYMENT,
                    put(
                        "spec.selector",
                        {"matchExpressions": [{"key": "app", "operator": "In", "values": ["tempo"]}]},
                    ),
                )
            ]
        )
    },
)
