from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import LABELS, SERVICE, changed, object_

_MONITOR = object_(
    "monitoring.coreos.com/v1:ServiceMonitor",
    "monitor",
    {"selector": {"matchLabels": LABELS}, "endpoints": [{"port": "http"}]},
)

CASES = Cases(
    passes=Case([SERVICE, _MONITOR]),
    fails=Case(
        [SERVICE, changed(_MONITOR, put("spec.endpoints.0.port", "metrics"))],
        says=["No Service that it selects has the port metrics; they have: http"],
    ),
    missing=Case([changed(SERVICE, drop("metadata.labels")), _MONITOR], says=["selects no Service"]),
    unknown=Case([SERVICE, changed(_MONITOR, put("spec.selector", UNKNOWN))], says=["spec.selector is not known"]),
    more={
        "another namespace": Case(
            [SERVICE, changed(_MONITOR, put("spec.namespaceSelector.matchNames", ["other"]))],
            says=["selects no Service"],
        ),
        "any namespace": Case(
            [
                changed(SERVICE, put("metadata.namespace", "other")),
                changed(_MONITOR, put("spec.namespaceSelector.any", value=True)),
            ]
        ),
    },
)
