from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import lifecycle


def _after(days: object) -> dict[str, object]:
    return {"abortIncompleteMultipartUpload": {"daysAfterInitiation": days}}


CASES = Cases(
    passes=Case([lifecycle({"id": "backstop", "expiration": {"days": 38}}, _after(1))]),
    fails=Case([lifecycle(_after(30))], says=["Unfinished uploads are removed after 30 days; at most 7"]),
    missing=Case([lifecycle({"expiration": {"days": 38}})], says=["removes unfinished uploads"]),
    unknown=Case([lifecycle(_after(UNKNOWN))], says=["daysAfterInitiation is not known"]),
    more={
        "a rule for one tenant": Case(
            [lifecycle(_after(1) | {"prefix": "shared/", "filter": None})], says=["removes unfinished uploads"]
        ),
    },
)
