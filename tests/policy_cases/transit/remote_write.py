from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, config_map


def _to(url: str | None) -> Given:
    return config({"metrics_generator": {"storage": {"remote_write": [{"url": url}]}}})


CASES = Cases(
    passes=Case([_to("https://metrics.example.org/api/v1/write")]),
    fails=Case(
        [_to("http://user:secret@metrics.example.org/api/v1/write")],
        says=["tempo.yaml writes metrics to the host metrics.example.org in plaintext"],
    ),
    missing=Case([_to(None)], says=["to the host without a name in plaintext"]),
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN)], says=["data.tempo.yaml is not known"]),
    more={
        "allowed": Case([_to("http://prometheus:9090/w")], config={"plaintext_hosts": ["prometheus"]}),
        "none": Case([config()]),
    },
)
