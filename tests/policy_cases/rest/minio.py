from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given

_ROOT = {"name": "MINIO_ROOT_USER", "valueFrom": {"secretKeyRef": {"name": "root", "key": "user"}}}
_KEY = {"name": "MINIO_KMS_SECRET_KEY", "valueFrom": {"secretKeyRef": {"name": UNKNOWN, "key": "key"}}}
_ALWAYS = {"name": "MINIO_KMS_AUTO_ENCRYPTION", "value": "on"}
_SCRIPT = Given(
    "kubernetes:core/v1:ConfigMap", "script", {"data": {"setup.sh": "mc encrypt set sse-s3 store/traces"}}
)


def _minio(*variables: Any) -> Given:
    container = {"name": "minio", "env": list(variables)}
    pod = {"spec": {"containers": [container]}}
    return Given("kubernetes:apps/v1:StatefulSet", "minio", {"spec": {"template": pod}})


CASES = Cases(
    passes=Case([_minio(_ROOT, _KEY), _SCRIPT]),
    fails=Case([_minio(_ROOT), _SCRIPT], says=["container minio has no key to encrypt with"]),
    missing=Case([_minio(_ROOT, _KEY)], says=["container minio encrypts nothing by default"]),
    unknown=Case([_minio(_ROOT, _KEY, _ALWAYS | {"value": UNKNOWN})], says=["value is not known"]),
    more={
        "without a script, by the server itself": Case([_minio(_ROOT, _KEY, _ALWAYS)]),
        "a key in plain text": Case(
            [_minio(_ROOT, {"name": "MINIO_KMS_SECRET_KEY", "value": "key:c2VjcmV0"}), _SCRIPT],
            says=["reads MINIO_KMS_SECRET_KEY from somewhere else than a Secret"],
        ),
        "another program": Case([_minio({"name": "HOME", "value": "/data"})]),
    },
)
