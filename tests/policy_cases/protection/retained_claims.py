from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import STATEFUL_SET, changed

_POLICY = "spec.persistentVolumeClaimRetentionPolicy"
_DELETED = changed(STATEFUL_SET, put(_POLICY, {"whenDeleted": "Delete"}))

CASES = Cases(
    passes=Case([changed(STATEFUL_SET, put(_POLICY, {"whenDeleted": "Retain", "whenScaled": "Retain"}))]),
    fails=Case([_DELETED], says=["deletes the volumes when the workload is deleted"]),
    missing=Case([STATEFUL_SET]),
    unknown=Case([changed(STATEFUL_SET, put(_POLICY, UNKNOWN))], says=["whenDeleted is not known"]),
    more={
        "where that is wanted": Case([_DELETED], config={"when_deleted": False}),
        "scaled down": Case(
            [changed(STATEFUL_SET, put(_POLICY, {"whenScaled": "Delete"}))], says=["replicas that are scaled away"]
        ),
        "no claims": Case([changed(_DELETED, drop("spec.volumeClaimTemplates"))]),
    },
)
