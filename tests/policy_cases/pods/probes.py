from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, changed

_LIVE, _READY = f"{CONTAINER}.livenessProbe", f"{CONTAINER}.readinessProbe"
_SAME = changed(DEPLOYMENT, put(f"{_READY}.httpGet.path", "/status/version"))

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(f"{_READY}.httpGet.port", "helth"))],
        says=["The readinessProbe of container tempo asks port helth, which is none of the container's: http"],
    ),
    missing=Case(
        [changed(DEPLOYMENT, drop(_LIVE), drop(_READY))], says=["has no livenessProbe", "has no readinessProbe"]
    ),
    unknown=Case([changed(DEPLOYMENT, put(f"{_LIVE}.httpGet.port", UNKNOWN))], says=["httpGet.port is not known"]),
    more={
        "a port by number": Case([changed(DEPLOYMENT, put(f"{_LIVE}.httpGet.port", 3200))]),
        "a wrong number": Case(
            [changed(DEPLOYMENT, put(f"{_LIVE}.httpGet.port", 3201))],
            says=["livenessProbe of container tempo asks port 3201"],
        ),
        "liveness by readiness": Case(
            [changed(DEPLOYMENT, put(f"{_LIVE}.httpGet.path", "/ready"))],
            says=["asks /ready, which tells of readiness"],
        ),
        "the same endpoint, readiness first": Case([_SAME]),
        "the same endpoint, restarted early": Case(
            [changed(_SAME, put(f"{_LIVE}.periodSeconds", 2))],
            says=["is restarted after 6 s without an answer and leaves its Service after 6 s"],
        ),
        "the same connection": Case(
            [changed(DEPLOYMENT, *(put(each, {"tcpSocket": {"port": "http"}}) for each in (_LIVE, _READY)))],
            says=["is restarted after 30 s"],
        ),
    },
)
