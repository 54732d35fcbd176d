from typing import Any

from tests.support.collector_given import collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config_map


def _retry(**settings: Any) -> Given:
    return collector_config({"exporters": {"otlp_grpc/tempo": {"retry_on_failure": settings}}})


CASES = Cases(
    passes=Case([collector_config()]),
    fails=Case(
        [_retry(enabled=False)],
        says=["Exporter otlp_grpc/tempo in collector.yaml drops what the receiver does not take at once"],
    ),
    missing=Case([_retry(max_elapsed_time=None)], says=["drops spans after trying for 300 s"]),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={"an hour": Case([_retry(max_elapsed_time="1h")], says=["drops spans after trying for 3600 s"])},
)
