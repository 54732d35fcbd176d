from typing import Any

from tests.support.collector_given import agent_config, collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config_map


def _protocols(**protocols: Any) -> Given:
    return agent_config({"receivers": {"otlp": {"protocols": protocols}}})


CASES = Cases(
    passes=Case([_protocols(http={"max_request_body_size": 8 * 2**20})]),
    fails=Case(
        [_protocols(grpc={"max_recv_msg_size_mib": 32})],
        says=["otlp in collector.yaml accepts 32 MiB over grpc; at most 8 MiB are allowed"],
    ),
    missing=Case([_protocols(http={})], says=["accepts 20 MiB over http"]),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "gRPC's default": Case([_protocols(grpc={"max_recv_msg_size_mib": None})]),
        "a collector behind agents": Case(
            [
                collector_config(
                    {"receivers": {"otlp": {"protocols": {"grpc": {"max_recv_msg_size_mib": 32}}}}},
                )
            ]
        ),
    },
)
