from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import STATEFUL_SET, TRACING_NAMESPACE, changed

_CLAIMS = "spec.volumeClaimTemplates"

CASES = Cases(
    passes=Case([changed(STATEFUL_SET, protect=True), changed(TRACING_NAMESPACE, protect=True)]),
    fails=Case([STATEFUL_SET], says=["An update may delete it"]),
    missing=Case([changed(STATEFUL_SET, drop(_CLAIMS))]),
    unknown=Case([changed(STATEFUL_SET, put(_CLAIMS, UNKNOWN))], says=["volumeClaimTemplates is not known"]),
    more={"a namespace with all in it": Case([TRACING_NAMESPACE], says=["An update may delete it"])},
)
