from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import ACCOUNT, DEPLOYMENT, POD, changed

_FIELD = "automountServiceAccountToken"
_AGENT = changed(DEPLOYMENT, put(f"{POD}.{_FIELD}", value=True), put(f"{POD}.serviceAccountName", "otel-agent"))
_TOKEN = {"name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}
_OTHER = {
    "name": "token",
    "projected": {"sources": [{"serviceAccountToken": {"audience": "pods.eks.amazonaws.com"}}]},
}

CASES = Cases(
    passes=Case([DEPLOYMENT, changed(ACCOUNT, put(_FIELD, value=False))]),
    fails=Case(
        [changed(DEPLOYMENT, put(f"{POD}.{_FIELD}", value=True))],
        says=["The Pod gets a token of the API server; only those of otel-agent may"],
    ),
    missing=Case([changed(DEPLOYMENT, drop(f"{POD}.{_FIELD}"))], says=["The Pod gets a token"]),
    unknown=Case([changed(DEPLOYMENT, put(f"{POD}.{_FIELD}", UNKNOWN))], says=[f"{_FIELD} is not known"]),
    more={
        "an account that needs it": Case([_AGENT]),
        "no account needs it": Case([_AGENT], says=["those of nobody may"], config={"accounts": []}),
        "an account whose Pods get it": Case([ACCOUNT], says=["Every Pod of this account gets a token"]),
        "a token as a volume": Case(
            [changed(DEPLOYMENT, put(f"{POD}.volumes.0", _TOKEN))],
            says=["volume token holds a token of the API server"],
        ),
        "a token for AWS": Case([changed(DEPLOYMENT, put(f"{POD}.volumes.0", _OTHER))]),
    },
)
