from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, changed

_FIELD = f"{CONTAINER}.securityContext.readOnlyRootFilesystem"

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case([changed(DEPLOYMENT, put(_FIELD, value=False))], says=["container tempo may write to its root"]),
    missing=Case([changed(DEPLOYMENT, drop(_FIELD))], says=["container tempo may write to its root"]),
    unknown=Case([changed(DEPLOYMENT, put(_FIELD, UNKNOWN))], says=["readOnlyRootFilesystem is not known"]),
)
