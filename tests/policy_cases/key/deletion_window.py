from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import key

CASES = Cases(
    passes=Case([key(deletionWindowInDays=30)], config={"min_days": 30}),
    fails=Case([key(deletionWindowInDays=7)], config={"min_days": 30}, says=["final after 7 days; at least 30"]),
    missing=Case([key()], config={"min_days": 30}),
    unknown=Case([key(deletionWindowInDays=UNKNOWN)], says=["deletionWindowInDays is not known"]),
)
