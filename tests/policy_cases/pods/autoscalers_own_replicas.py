from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import AUTOSCALER, DEPLOYMENT, changed

_SCALED = changed(DEPLOYMENT, ignored=["spec.replicas"])

CASES = Cases(
    passes=Case([_SCALED, AUTOSCALER]),
    fails=Case([DEPLOYMENT, AUTOSCALER], says=["Every update sets spec.replicas"]),
    missing=Case([_SCALED, changed(AUTOSCALER, drop("spec.scaleTargetRef.name"))], says=["name is missing"]),
    unknown=Case(
        [_SCALED, changed(AUTOSCALER, put("spec.scaleTargetRef.name", UNKNOWN))], says=["name is not known"]
    ),
    more={
        "replicas left out": Case([changed(DEPLOYMENT, drop("spec.replicas")), AUTOSCALER]),
        "another workload": Case(
            [_SCALED, changed(AUTOSCALER, put("spec.scaleTargetRef.kind", "StatefulSet"))],
            says=["scales no workload"],
        ),
        "bounds crossed": Case(
            [_SCALED, changed(AUTOSCALER, put("spec.minReplicas", 5))],
            says=["The minimum of 5 replicas is above the maximum of 4"],
        ),
    },
)
