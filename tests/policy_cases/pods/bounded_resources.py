from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, changed

_FIELD = f"{CONTAINER}.resources"
_NO_CPU_LIMIT = changed(DEPLOYMENT, drop(f"{_FIELD}.limits.cpu"))

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, drop(f"{_FIELD}.limits.memory"), drop(f"{_FIELD}.requests.cpu"))],
        says=["container tempo has no limit of memory."],
    ),
    missing=Case([changed(DEPLOYMENT, drop(_FIELD))], says=["no limit of cpu, ephemeral-storage, memory."]),
    unknown=Case([changed(DEPLOYMENT, put(f"{_FIELD}.limits", UNKNOWN))], says=["limits.cpu is not known"]),
    more={
        "a limit counts as a request": Case([changed(DEPLOYMENT, drop(f"{_FIELD}.requests"))]),
        "no limit of CPU": Case([_NO_CPU_LIMIT], says=["no limit of cpu."]),
        "no limit of CPU where none is required": Case([_NO_CPU_LIMIT], config={"limits": ["memory"]}),
        "no request where no limit is required": Case(
            [changed(_NO_CPU_LIMIT, drop(f"{_FIELD}.requests.cpu"))],
            says=["no request of cpu."],
            config={"limits": ["memory"]},
        ),
    },
)
