from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import bucket, guard, lifecycle, logs


def _to(storage_class: object) -> dict[str, object]:
    return {"id": "cold", "transitions": [{"days": 30, "storageClass": storage_class}]}


_LOG_LIFECYCLE = guard("LifecycleConfiguration", of="logs", rules=[{"status": "Enabled", **_to("GLACIER")}])

CASES = Cases(
    passes=Case([bucket(), lifecycle(_to("INTELLIGENT_TIERING"), {"noncurrentVersionTransitions": [{}]})]),
    fails=Case([bucket(), lifecycle(_to("GLACIER"))], says=["Rule cold moves live blocks to GLACIER"]),
    missing=Case([bucket(), lifecycle({"transitions": [{"days": 30}]})], says=["storageClass is missing"]),
    unknown=Case([bucket(), lifecycle(_to(UNKNOWN))], says=["storageClass is not known"]),
    more={
        "access logs may be archived": Case([bucket(), *logs(), _LOG_LIFECYCLE]),
        "a rule that is off": Case([bucket(), lifecycle(_to("GLACIER") | {"status": "Disabled"})]),
        "Intelligent-Tiering that archives": Case(
            [bucket(), guard("IntelligentTieringConfiguration", tierings=[{"accessTier": "DEEP_ARCHIVE_ACCESS"}])],
            says=["Objects move to DEEP_ARCHIVE_ACCESS"],
        ),
    },
)
