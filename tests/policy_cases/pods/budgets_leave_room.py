from tests.seeds.seed import Edit, drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import AUTOSCALER, BUDGET, DEPLOYMENT, changed

_MOST = "spec.maxUnavailable"
_ONE = changed(DEPLOYMENT, put("spec.replicas", 1))


def _at_least(number: object) -> list[Edit]:
    return [drop(_MOST), put("spec.minAvailable", number)]


CASES = Cases(
    passes=Case([DEPLOYMENT, BUDGET]),
    fails=Case([DEPLOYMENT, changed(BUDGET, put(_MOST, 0))], says=["lets none of its 2 Pods be evicted"]),
    missing=Case([DEPLOYMENT], says=["A drain may evict all 2 Pods at once: no budget selects them"]),
    unknown=Case([DEPLOYMENT, changed(BUDGET, put(_MOST, UNKNOWN))], says=["maxUnavailable is not known"]),
    more={
        "one replica needs none": Case([_ONE]),
        "one replica, and it has to stay": Case(
            [_ONE, changed(BUDGET, *_at_least(1))], says=["lets none of its 1 Pods be evicted"]
        ),
        "no number at all": Case([_ONE, changed(BUDGET, drop(_MOST))], says=["lets none of its 1 Pods"]),
        "too many at once": Case(
            [changed(DEPLOYMENT, put("spec.replicas", 3)), changed(BUDGET, put(_MOST, 2))],
            says=["lets 2 of its 3 Pods be evicted at once; the most is 1"],
        ),
        "two may go": Case(
            [changed(DEPLOYMENT, put("spec.replicas", 3)), changed(BUDGET, put(_MOST, 2))],
            config={"max_at_once": 2},
        ),
        "a share is rounded up": Case([DEPLOYMENT, changed(BUDGET, put(_MOST, "10%"))]),
        "a share of many": Case(
            [changed(DEPLOYMENT, put("spec.replicas", 200)), changed(BUDGET, put(_MOST, "100%"))],
            says=["lets 200 of its 200 Pods"],
        ),
        "all have to stay": Case(
            [DEPLOYMENT, changed(BUDGET, *_at_least("51%"))], says=["lets none of its 2 Pods"]
        ),
        "unready Pods have to stay": Case(
            [DEPLOYMENT, changed(BUDGET, drop("spec.unhealthyPodEvictionPolicy"))],
            says=["never gets ready blocks"],
        ),
        "a misspelt label": Case(
            [_ONE, changed(BUDGET, put("spec.selector.matchLabels.app", "temp0"))], says=["selects no Pods"]
        ),
        "two budgets": Case(
            [DEPLOYMENT, BUDGET, changed(BUDGET, name="second")], says=["2 budgets select its Pods"]
        ),
        "the autoscaler's minimum counts": Case([_ONE, AUTOSCALER], says=["A drain may evict all 2 Pods at once"]),
    },
)
