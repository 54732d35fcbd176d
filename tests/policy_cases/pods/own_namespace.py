from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import SERVICE, changed

_FIELD = "metadata.namespace"

CASES = Cases(
    passes=Case([SERVICE]),
    fails=Case([changed(SERVICE, put(_FIELD, "default"))], says=["in the namespace default, which is shared"]),
    missing=Case([changed(SERVICE, drop(_FIELD))], says=["names no namespace"]),
    unknown=Case([changed(SERVICE, put(_FIELD, UNKNOWN))], says=["metadata.namespace is not known"]),
)
