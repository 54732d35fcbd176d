from typing import Any

from tests.support.certificate_given import certificate
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN

_LONG: dict[str, Any] = {"duration": "87600h", "renewBefore": "43800h"}

CASES = Cases(
    passes=Case([certificate()]),
    fails=Case(
        [certificate(privateKey={"rotationPolicy": "Never"})],
        says=["privateKey.rotationPolicy is Never; allowed: Always"],
    ),
    missing=Case([certificate(privateKey=None)], says=["privateKey.rotationPolicy is not set"]),
    unknown=Case([certificate(duration=UNKNOWN)], says=["spec.duration is not known"]),
    more={
        "too long": Case([certificate(duration="2400h")], says=["It is valid for 100 days; allowed: 90"]),
        "too late": Case([certificate(renewBefore="24h")], says=["It is renewed 1 days before its end"]),
        "at once": Case([certificate(renewBefore="2160h")], says=["It is renewed 90 days before its end"]),
        "without a renewal": Case([certificate(renewBefore=None)], says=["spec.renewBefore is missing"]),
        "long": Case([certificate(**_LONG)], says=["It is valid for 3650 days"]),
        "allowed to be long": Case([certificate(**_LONG)], config={"long_lived": ["gateway"]}),
    },
)
