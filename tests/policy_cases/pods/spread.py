from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import DEPLOYMENT, LABELS, POD, changed

_FIELD = f"{POD}.topologySpreadConstraints"
_ZONES = {"topology_keys": ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]}
_NONE = changed(DEPLOYMENT, drop(_FIELD))
_TERM = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": LABELS}}
_ANTI = f"{POD}.affinity.podAntiAffinity"
_WHEN = "DuringSchedulingIgnoredDuringExecution"
_NAMED = LABELS | {"app.kubernetes.io/name": "tempo-zone-a"}
_OTHERS = {
    "topologyKey": "kubernetes.io/hostname",
    "labelSelector": {
        "matchLabels": LABELS,
        "matchExpressions": [
            {"key": "app.kubernetes.io/name", "operator": "NotIn", "values": ["tempo-zone-a"]},
        ],
    },
}

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(f"{_FIELD}.0.labelSelector.matchLabels.app", "other"))],
        says=["All replicas may run on nodes with the same kubernetes.io/hostname"],
    ),
    missing=Case([_NONE], says=["the same kubernetes.io/hostname"]),
    unknown=Case([changed(DEPLOYMENT, put(_FIELD, UNKNOWN))], says=["topologySpreadConstraints is not known"]),
    more={
        "one replica": Case([changed(_NONE, put("spec.replicas", 1))]),
        "no replicas": Case([changed(_NONE, put("spec.replicas", 0))]),
        "as many as an autoscaler wants": Case([changed(_NONE, drop("spec.replicas"))], says=["All replicas"]),
        "nodes, but not zones": Case([DEPLOYMENT], says=["the same topology.kubernetes.io/zone"], config=_ZONES),
        "kept apart": Case([changed(_NONE, put(f"{_ANTI}.required{_WHEN}", [_TERM]))]),
        "kept apart from its copies under another name": Case(
            [
                changed(
                    _NONE, put(f"{_ANTI}.required{_WHEN}", [_OTHERS]), put("spec.template.metadata.labels", _NAMED)
                )
            ]
        ),
        "rather kept apart": Case(
            [changed(_NONE, put(f"{_ANTI}.preferred{_WHEN}", [{"weight": 1, "podAffinityTerm": _TERM}]))]
        ),
    },
)
