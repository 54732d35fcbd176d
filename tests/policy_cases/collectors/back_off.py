from typing import Any

from tests.support.collector_given import agent_config, collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config_map


def _retry(**settings: Any) -> Given:
    return collector_config({"exporters": {"otlp_grpc/tempo": {"retry_on_failure": settings}}})


def _balanced(**settings: Any) -> Given:
    return agent_config({"exporters": {"load_balancing": {"retry_on_failure": settings}}})


CASES = Cases(
    passes=Case([agent_config()]),
    fails=Case([_retry(multiplier=1)], says=["otlp_grpc/tempo in collector.yaml pauses no longer"]),
    missing=Case(
        [_balanced(multiplier=None, randomization_factor=None)],
        says=["load_balancing in collector.yaml pauses no longer", "retries together with all other senders"],
    ),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "an exporter with defaults": Case([_retry()]),
        "no variation": Case([_retry(randomization_factor=0)], says=["randomization_factor is 0"]),
        "no retries": Case([_retry(enabled=False, multiplier=0)]),
    },
)
