from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, POD, changed

_LIMIT = f"{POD}.volumes.0.emptyDir.sizeLimit"

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(_LIMIT, "2Gi"))],
        says=["may hold 2048 MiB, but the kubelet evicts the Pod when it has written 1024 MiB"],
    ),
    missing=Case([changed(DEPLOYMENT, drop(_LIMIT))], says=["volume data has no sizeLimit"]),
    unknown=Case([changed(DEPLOYMENT, put(_LIMIT, UNKNOWN))], says=["sizeLimit is not known"]),
    more={
        "memory is not written to the disk": Case(
            [changed(DEPLOYMENT, put(f"{POD}.volumes.0.emptyDir", {"medium": "Memory", "sizeLimit": "2Gi"}))]
        ),
        "without a limit nothing is evicted": Case(
            [changed(DEPLOYMENT, put(_LIMIT, "2Gi"), drop(f"{CONTAINER}.resources.limits"))]
        ),
        "other volumes do not count": Case(
            [changed(DEPLOYMENT, put(f"{POD}.volumes.0", {"name": "config", "configMap": {"name": "config"}}))]
        ),
    },
)
