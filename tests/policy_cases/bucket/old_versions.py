from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import guard, lifecycle


def _after(days: object) -> dict[str, object]:
    return {"noncurrentVersionExpiration": {"noncurrentDays": days}}


CASES = Cases(
    passes=Case([lifecycle({"id": "backstop", "expiration": {"days": 38}}, _after(3))]),
    fails=Case([lifecycle(_after(90))], says=["Old versions are deleted after 90 days; 1 to 30 are allowed."]),
    missing=Case([guard("LifecycleConfiguration")], says=["No rule for the whole bucket deletes old versions"]),
    unknown=Case([lifecycle(_after(UNKNOWN))], says=["noncurrentDays is not known"]),
    more={
        "a rule that is off": Case([lifecycle(_after(3) | {"status": "Disabled"})], says=["deletes old versions"]),
        "a rule for one tenant": Case(
            [lifecycle(_after(3) | {"filter": {"prefix": "shared/"}})], says=["deletes old versions"]
        ),
        "a rule for tagged objects": Case(
            [lifecycle(_after(3) | {"filter": {"tag": {"key": "a", "value": "b"}}})], says=["deletes old versions"]
        ),
        "too soon": Case([lifecycle(_after(1))], config={"min_days": 3}, says=["after 1 days; 3 to 30"]),
    },
)
