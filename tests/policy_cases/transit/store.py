from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, config_map


def _store(**settings: Any) -> Given:
    return config({"storage": {"trace": {"s3": settings}}})


_SCRIPT = config_map("setup", "setup.sh", 'until mc alias set store http://minio:9000 "$KEY"; do sleep 1; done\n')

CASES = Cases(
    passes=Case([config()]),
    fails=Case(
        [_store(endpoint="minio:9000", insecure=True)],
        says=["tempo.yaml sends traces to the store minio:9000 in plaintext"],
    ),
    missing=Case([_store(endpoint=None, insecure=True)], says=["to the store without a name in plaintext"]),
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN)], says=["data.tempo.yaml is not known"]),
    more={
        "by its URL": Case(
            [_store(endpoint="http://user:secret@s3.example.org/x")],
            says=["the store s3.example.org in plaintext"],
        ),
        "allowed": Case(
            [_store(endpoint="minio:9000", insecure=True), _SCRIPT], config={"plaintext_hosts": ["minio:9000"]}
        ),
        "a script": Case([_SCRIPT], says=["setup.sh sets up the store minio:9000 in plaintext"]),
    },
)
