import json
from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import CONFIG_MAP, config, limits, workload

_BUCKET = Given("aws:s3/bucket:Bucket", "bucket", {"bucket": "traces"})


def _rule(prefix: str, days: object, **filters: Any) -> dict[str, Any]:
    given = {"prefix": prefix} | filters
    return {"id": "backstop", "status": "Enabled", "filter": given, "expiration": {"days": days}}


def _lifecycle(*rules: Any) -> Given:
    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    return Given(kind, "lifecycle", {"bucket": UNKNOWN, "rules": list(rules)}, {"bucket": ["bucket"]})


def _minio(days: int) -> Given:
    rule = {"ID": "all", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}}
    files = {"setup.sh": "mc mb store/traces", "lifecycle.json": json.dumps({"Rules": [rule]})}
    return Given(CONFIG_MAP, "setup", {"metadata": {"name": "setup"}, "data": files})


_TEMPO = [config(), workload(), limits({"team": {"compaction": {"block_retention": "168h"}}})]

CASES = Cases(
    passes=Case([*_TEMPO, _BUCKET, _lifecycle(_rule("team/", 14))]),
    fails=Case(
        [*_TEMPO, _BUCKET, _lifecycle(_rule("team/", 7))],
        says=["Rule backstop deletes traces of tenant team after 7 days; Tempo needs them for 9.0 days"],
    ),
    missing=Case([*_TEMPO, _BUCKET], says=["The bucket of this Tempo has no lifecycle in the stack"]),
    unknown=Case([*_TEMPO, _BUCKET, _lifecycle(_rule("team/", UNKNOWN))], says=["days is not known"]),
    more={
        "too late": Case(
            [*_TEMPO, _BUCKET, _lifecycle(_rule("team/", 40))],
            says=["tenant team stays in the bucket for 40 days; 37.0 days are allowed"],
        ),
        "not this tenant": Case(
            [*_TEMPO, _BUCKET, _lifecycle(_rule("other/", 14))],
            says=["of tenant team stays in the bucket for ever"],
        ),
        "tagged objects only": Case(
            [*_TEMPO, _BUCKET, _lifecycle(_rule("team/", 7, tag={"key": "a", "value": "b"}))],
            says=["after 7 days", "of tenant team stays in the bucket for ever"],
        ),
        "everything too early": Case(
            [*_TEMPO, _BUCKET, _lifecycle(_rule("", 1), _rule("team/", 14))], says=["after 1 days"]
        ),
        "switched off": Case(
            [*_TEMPO, _BUCKET, _lifecycle(_rule("team/", 14) | {"status": "Disabled"})],
            says=["of tenant team stays in the bucket for ever"],
        ),
        "MinIO": Case([*_TEMPO, _minio(10)]),
        "MinIO too early": Case(
            [*_TEMPO, _minio(8)], says=["Rule all deletes traces of tenant team after 8 days"]
        ),
        "below a prefix": Case(
            [
                config({"storage": {"trace": {"s3": {"prefix": "tempo"}}}}),
                *_TEMPO[1:],
                _BUCKET,
                _lifecycle(_rule("tempo/team/", 14)),
            ]
        ),
    },
)
