import json

from tests.seeds.seed import put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.policy_objects import changed

_TAGS = {"Project": "tracing", "Environment": "prod", "Team": "platform"}
_BUCKET = Given("aws:s3/bucket:Bucket", "traces", {}, provider={"defaultTags": json.dumps({"tags": _TAGS})})
_UNTAGGED = changed(_BUCKET, provider={})

CASES = Cases(
    passes=Case([_BUCKET]),
    fails=Case(
        [changed(_UNTAGGED, put("tags", {"Project": "tracing", "Team": ""}))],
        says=["The resource lacks the tags Environment, Team"],
    ),
    missing=Case([_UNTAGGED], says=["lacks the tags Project, Environment, Team"]),
    unknown=Case([changed(_BUCKET, put("tags", UNKNOWN))], says=["tags is not known"]),
    more={
        "tags of its own": Case([changed(_UNTAGGED, put("tags", _TAGS))]),
        "tags as data": Case([changed(_BUCKET, provider={"defaultTags": {"tags": _TAGS}})]),
    },
)
