from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, changed

_FIELD = f"{CONTAINER}.securityContext.capabilities"
_BIND = changed(DEPLOYMENT, put(f"{_FIELD}.add", ["NET_BIND_SERVICE"]))

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case([_BIND], says=["container tempo adds the capabilities NET_BIND_SERVICE; allowed: none"]),
    missing=Case([changed(DEPLOYMENT, drop(_FIELD))], says=["does not drop all capabilities"]),
    unknown=Case([changed(DEPLOYMENT, put(f"{_FIELD}.drop", UNKNOWN))], says=["capabilities.drop is not known"]),
    more={
        "a capability may be allowed": Case([_BIND], config={"allowed": ["NET_BIND_SERVICE"]}),
        "dropping some is not enough": Case(
            [changed(DEPLOYMENT, put(f"{_FIELD}.drop", ["NET_RAW"]))], says=["does not drop all"]
        ),
    },
)
