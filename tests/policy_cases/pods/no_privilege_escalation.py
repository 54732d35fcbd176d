from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, changed

_FIELD = f"{CONTAINER}.securityContext.allowPrivilegeEscalation"

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case([changed(DEPLOYMENT, put(_FIELD, value=True))], says=["container tempo may gain privileges"]),
    missing=Case([changed(DEPLOYMENT, drop(_FIELD))], says=["container tempo may gain privileges"]),
    unknown=Case(
        [changed(DEPLOYMENT, put(f"{CONTAINER}.securityContext", UNKNOWN))],
        says=["allowPrivilegeEscalation is not known before the update"],
    ),
)
