from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.store_cases import key

CASES = Cases(
    passes=Case([key(enableKeyRotation=True)]),
    fails=Case([key(enableKeyRotation=False)], says=["enableKeyRotation is off"]),
    missing=Case([key()], says=["enableKeyRotation is off"]),
    unknown=Case([key(enableKeyRotation=UNKNOWN)], says=["enableKeyRotation is not known"]),
    more={
        "too seldom": Case(
            [key(enableKeyRotation=True, rotationPeriodInDays=2560)], says=["every 2560 days; at most 365"]
        ),
        "a key that is turned off": Case(
            [key(enableKeyRotation=True, isEnabled=False)], says=["The key is turned off"]
        ),
    },
)
