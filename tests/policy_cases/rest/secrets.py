from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given

_REFERENCE = {"secretKeyRef": {"name": "keys", "key": "secret_key"}}


def _pod(*variables: Any) -> Given:
    return Given(
        "kubernetes:core/v1:Pod", "tempo", {"spec": {"containers": [{"name": "tempo", "env": list(variables)}]}}
    )


def _files(**data: Any) -> Given:
    return Given("kubernetes:core/v1:ConfigMap", "files", {"data": data})


CASES = Cases(
    passes=Case(
        [
            _pod(
                {"name": "AWS_SECRET_ACCESS_KEY", "valueFrom": _REFERENCE},
                {"name": "AWS_WEB_IDENTITY_TOKEN_FILE", "value": "/var/run/token"},
                {"name": "TEMPO_KMS_KEY_ID", "value": UNKNOWN},
            ),
            _files(config="secret_key: ${SECRET_KEY}\ntoken_file: /run/token\nmax_token_bytes: 5\n"),
        ]
    ),
    fails=Case(
        [_pod({"name": "MINIO_ROOT_PASSWORD", "value": "hunter2"})],
        says=["container tempo has the secret MINIO_ROOT_PASSWORD as plain text"],
    ),
    missing=Case([_pod({"name": "API_KEY"}), _files()]),
    unknown=Case([_pod({"name": "KAFKA_PASSWORD", "value": UNKNOWN})], says=["has the secret KAFKA_PASSWORD"]),
    more={
        "a secret in a file": Case(
            [_files(config="storage:\n  s3:\n    secret_key: hunter2\n")],
            says=["File config of the ConfigMap holds the field secret_key as plain text."],
        ),
        "a secret by its form": Case(
            [
                _files(config="-----BEGIN RSA PRIVATE KEY-----"),
                _pod({"name": "URL", "value": "http://a:hunter2@b"}),
            ],
            says=["holds a private key", "has the secret URL"],
        ),
        "a variable in a ConfigMap": Case(
            [
                _files(AWS_SECRET_ACCESS_KEY="hunter2"),
                _pod({"name": "API_KEY", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "b"}}}),
            ],
            says=[
                "The ConfigMap holds the secret AWS_SECRET_ACCESS_KEY.",
                "takes the secret API_KEY from a ConfigMap",
            ],
        ),
        "an unknown file": Case([_files(config=UNKNOWN)]),
    },
)
