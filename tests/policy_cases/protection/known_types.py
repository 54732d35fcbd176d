from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given

_CONTROLLER = Given("kubernetes:core/v1:ReplicationController", "old", {"spec": {}})
_PATCH = Given("kubernetes:apps/v1:DeploymentPatch", "patch", {"spec": {}})

CASES = Cases(
    passes=Case([Given("kubernetes:apps/v1:Deployment", "tempo", {"spec": {}})]),
    fails=Case(
        [_CONTROLLER, _PATCH],
        says=["the type kubernetes:core/v1:ReplicationController", "the type kubernetes:apps/v1:DeploymentPatch"],
    ),
    missing=Case([Given("fawkes:tracing:TraceBucket", "traces", {})]),
    unknown=Case([Given("aws:s3/bucket:Bucket", "traces", {"bucket": UNKNOWN})]),
    more={
        "a grant of a key": Case(
            [Given("aws:kms/grant:Grant", "grant", {})], says=["the type aws:kms/grant:Grant"]
        ),
        "allowed by a bound": Case([_CONTROLLER], config={"types": ["kubernetes:core/v1:*"]}),
    },
)
