from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import DEPLOYMENT, SERVICE, changed

_APP = {"required": ["app"]}

CASES = Cases(
    passes=Case([DEPLOYMENT, SERVICE], config=_APP),
    fails=Case(
        [changed(DEPLOYMENT, put("spec.template.metadata.labels", {"app": ""}))],
        says=["The Pod template lacks the labels app"],
        config=_APP,
    ),
    missing=Case([changed(SERVICE, drop("metadata"))], says=["The object lacks the labels app"], config=_APP),
    unknown=Case([changed(SERVICE, put("metadata.labels", UNKNOWN))], says=["labels is not known"]),
    more={
        "the platform's labels": Case(
            [SERVICE], says=["app.kubernetes.io/name, app.kubernetes.io/instance, app.kubernetes.io/part-of"]
        ),
        "an object of any kind": Case(
            [changed(SERVICE, drop("metadata"), type="kubernetes:example.com/v1:Anything")],
            says=["app"],
            config=_APP,
        ),
    },
)
