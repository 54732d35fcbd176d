from typing import Any

from tests.support.collector_given import collector, collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN


def _limiter(**settings: Any) -> dict[str, Any]:
    return {"processors": {"memory_limiter": settings}}


_VARIABLE = {"env": [{"name": "LIMIT", "value": "900"}]}

CASES = Cases(
    passes=Case([collector_config(), collector()]),
    fails=Case(
        [collector_config(_limiter(limit_mib=1000)), collector()],
        says=["memory_limiter in collector.yaml acts at 98 % of the container's memory; at most 85 % are allowed"],
    ),
    missing=Case(
        [collector_config(), collector(container={"resources": {"limits": None}})],
        says=["Its container has no memory limit"],
    ),
    unknown=Case(
        [collector_config(), collector(container={"resources": {"limits": {"memory": UNKNOWN}}})],
        says=["memory is not known"],
    ),
    more={
        "a percentage": Case(
            [collector_config(_limiter(limit_percentage=95)), collector()],
            says=["acts at 95 % of the container's"],
        ),
        "in a variable": Case(
            [collector_config(_limiter(limit_mib="${env:LIMIT}")), collector(container=_VARIABLE)],
            says=["acts at 88 %"],
        ),
        "in a variable that nobody sets": Case(
            [collector_config(_limiter(limit_mib="${env:LIMIT}")), collector()],
            says=["limit_mib is text; a number"],
        ),
    },
)
