from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import TRACING_NAMESPACE, changed

_LABEL = "pod-security.kubernetes.io/enforce"

CASES = Cases(
    passes=Case([TRACING_NAMESPACE]),
    fails=Case(
        [changed(TRACING_NAMESPACE, put("metadata.labels", {_LABEL: "baseline"}))],
        says=["enforces baseline; only restricted is allowed"],
    ),
    missing=Case([changed(TRACING_NAMESPACE, drop("metadata.labels"))], says=["enforces no profile"]),
    unknown=Case([changed(TRACING_NAMESPACE, put("metadata.labels", UNKNOWN))], says=["labels is not known"]),
    more={
        "an old version": Case(
            [
                changed(
                    TRACING_NAMESPACE, put("metadata.labels", {_LABEL: "restricted", f"{_LABEL}-version": "v1.24"})
                )
            ],
            says=["restricted profile of v1.24"],
        )
    },
)
