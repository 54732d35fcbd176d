from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, POD, changed

_POD = f"{POD}.securityContext"
_OWN = f"{CONTAINER}.securityContext"

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(f"{_POD}.runAsUser", 0), put(f"{_OWN}.runAsNonRoot", value=False))],
        says=["container tempo may run as root.", "runs as user 0; the lowest is 10000"],
    ),
    missing=Case(
        [changed(DEPLOYMENT, drop(_POD))],
        says=["may run as root.", "names no user", "names no group"],
    ),
    unknown=Case([changed(DEPLOYMENT, put(f"{_POD}.runAsUser", UNKNOWN))], says=["runAsUser is not known"]),
    more={
        "a container's own user counts": Case(
            [changed(DEPLOYMENT, put(f"{_OWN}.runAsUser", 1))], says=["runs as user 1;"]
        ),
        "the lowest id is a bound": Case(
            [changed(DEPLOYMENT, put(f"{_POD}.runAsUser", 65))], config={"min_id": 65}
        ),
        "containers that run at the start count": Case(
            [
                changed(
                    DEPLOYMENT, put(f"{POD}.initContainers", [{"name": "a", "securityContext": {"runAsUser": 0}}])
                )
            ],
            says=["container a runs as user 0"],
        ),
    },
)
