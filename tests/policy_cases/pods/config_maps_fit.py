from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import changed

_MAP = Given("kubernetes:core/v1:ConfigMap", "config", {"data": {"tempo.yaml": "x" * 1000}})

CASES = Cases(
    passes=Case([_MAP]),
    fails=Case([_MAP], says=["has 1010 bytes; the largest size is 1000"], config={"max_bytes": 1000}),
    missing=Case([changed(_MAP, drop("data"))]),
    unknown=Case([changed(_MAP, put("data", UNKNOWN))], says=["data is not known"]),
    more={
        "an ARN that AWS will make": Case([changed(_MAP, put("data.role", UNKNOWN))]),
        "bytes, not characters": Case(
            [changed(_MAP, put("data", {"a": "é" * 500}))], says=["has 1001 bytes"], config={"max_bytes": 1000}
        ),
    },
)
