from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import DEPLOYMENT, POD, changed

_FIELD = f"{POD}.serviceAccountName"

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case([changed(DEPLOYMENT, put(_FIELD, "default"))], says=["default service account"]),
    missing=Case([changed(DEPLOYMENT, drop(_FIELD))], says=["default service account"]),
    unknown=Case([changed(DEPLOYMENT, put(_FIELD, UNKNOWN))], says=["serviceAccountName is not known"]),
)
