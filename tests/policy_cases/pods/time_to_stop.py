from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import DEPLOYMENT, POD, STATEFUL_SET, changed

_FIELD = f"{POD}.terminationGracePeriodSeconds"
_LONG = {"min_seconds_with_claims": 60}

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(_FIELD, 5))],
        says=["killed 5 s after it is told to stop; the shortest time is 20"],
    ),
    missing=Case([changed(STATEFUL_SET, drop(_FIELD))], says=["killed 30 s after"], config=_LONG),
    unknown=Case([changed(DEPLOYMENT, put(_FIELD, UNKNOWN))], says=["terminationGracePeriodSeconds is not known"]),
    more={"what has no claims may be faster": Case([changed(DEPLOYMENT, put(_FIELD, 20))], config=_LONG)},
)
