from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import DEPLOYMENT, SERVICE, STATEFUL_SET, changed

CASES = Cases(
    passes=Case([DEPLOYMENT, SERVICE]),
    fails=Case(
        [DEPLOYMENT, changed(SERVICE, put("spec.ports.0.targetPort", "grpc"))],
        says=["Port http leads to a port that no container of tempo declares"],
    ),
    missing=Case([DEPLOYMENT, changed(SERVICE, drop("spec.selector"))], says=["selects no Pods"]),
    unknown=Case(
        [DEPLOYMENT, changed(SERVICE, put("spec.selector", UNKNOWN))], says=["spec.selector is not known"]
    ),
    more={
        "a misspelt label": Case(
            [DEPLOYMENT, changed(SERVICE, put("spec.selector.app", "temp0"))],
            says=["selects no Pods of this stack"],
        ),
        "Pods of another namespace": Case(
            [DEPLOYMENT, changed(SERVICE, put("metadata.namespace", "other"))], says=["selects no Pods"]
        ),
        "without a target the port itself": Case(
            [DEPLOYMENT, changed(SERVICE, put("spec.ports.0", {"port": 80}))], says=["Port 80 leads to a port"]
        ),
        "a port by number": Case([DEPLOYMENT, changed(SERVICE, put("spec.ports.0", {"port": 3200}))]),
        "a StatefulSet without its Service": Case(
            [changed(STATEFUL_SET, put("spec.serviceName", "gone")), SERVICE], says=["there is no Service gone"]
        ),
    },
)
