from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import JOB, changed

CASES = Cases(
    passes=Case([JOB]),
    fails=Case(
        [changed(JOB, put("spec.backoffLimit", 10))], says=["tried again 10 times; the largest number is 4"]
    ),
    missing=Case([changed(JOB, drop("spec.backoffLimit"))], says=["tried again 6 times"]),
    unknown=Case([changed(JOB, put("spec.backoffLimit", UNKNOWN))], says=["backoffLimit is not known"]),
    more={
        "deleted by the cluster": Case(
            [changed(JOB, put("spec.ttlSecondsAfterFinished", 60))], says=["makes it run again"]
        )
    },
)
