from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, POD, changed

_PROFILE = "securityContext.seccompProfile"

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(f"{CONTAINER}.{_PROFILE}", {"type": "Unconfined"}))],
        says=["container tempo has the seccomp profile Unconfined; RuntimeDefault or Localhost is allowed"],
    ),
    missing=Case([changed(DEPLOYMENT, drop(f"{POD}.{_PROFILE}"))], says=["has no seccomp profile"]),
    unknown=Case(
        [changed(DEPLOYMENT, put(f"{POD}.{_PROFILE}", UNKNOWN))], says=["seccompProfile.type is not known"]
    ),
)
