from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import DEPLOYMENT, POD, changed

_HOST = changed(DEPLOYMENT, put(f"{POD}.volumes.0", {"name": "logs", "hostPath": {"path": "/var/log"}}))

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case([_HOST], says=["volume logs is the node's path /var/log"]),
    missing=Case([changed(DEPLOYMENT, drop(f"{POD}.volumes"))]),
    unknown=Case([changed(DEPLOYMENT, put(f"{POD}.volumes.0", UNKNOWN))], says=["volumes[0].name is not known"]),
    more={
        "a path for this workload": Case([_HOST], config={"host_paths": {"tempo": ["/var/log"]}}),
        "another path": Case([_HOST], says=["/var/log"], config={"host_paths": {"tempo": ["/var/lib"]}}),
        "a network file system": Case(
            [changed(DEPLOYMENT, put(f"{POD}.volumes.0", {"name": "share", "nfs": {"server": "a", "path": "/"}}))],
            says=["volume share is of the kind nfs; allowed: configMap, csi"],
        ),
    },
)
