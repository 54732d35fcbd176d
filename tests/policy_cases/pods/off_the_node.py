from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, POD, changed

_PORT = changed(DEPLOYMENT, put(f"{CONTAINER}.ports.0.hostPort", 4317))

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(f"{POD}.hostNetwork", value=True))], says=["the node's network by hostNetwork"]
    ),
    missing=Case([changed(DEPLOYMENT, drop(f"{CONTAINER}.ports"))]),
    unknown=Case([changed(DEPLOYMENT, put(f"{POD}.hostPID", UNKNOWN))], says=["hostPID is not known"]),
    more={
        "a port of the node": Case([_PORT], says=["container tempo takes port 4317 of the node"]),
        "a port of the node for this workload": Case([_PORT], config={"host_ports": {"tempo": [4317]}}),
        "a port of the node for another workload": Case(
            [_PORT], says=["takes port 4317"], config={"host_ports": {"otel-agent": [4317]}}
        ),
    },
)
