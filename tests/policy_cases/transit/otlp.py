from typing import Any

from tests.support.collector_given import collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, config_map

_TLS = {"tls": {"cert_file": "/tls/tls.crt"}}


def _exporter(**settings: Any) -> Given:
    receiver = {"otlp": {"protocols": {"grpc": _TLS}}}
    return collector_config({"receivers": receiver, "exporters": {"otlp_grpc/tempo": settings}})


CASES = Cases(
    passes=Case([_exporter()]),
    fails=Case(
        [_exporter(tls={"insecure": True})],
        says=["Exporter otlp_grpc/tempo in collector.yaml sends spans in plaintext"],
    ),
    missing=Case([collector_config()], says=["Receiver otlp in collector.yaml takes spans by grpc in plaintext"]),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "an allowed ConfigMap": Case([collector_config()], config={"plaintext_receivers": ["config"]}),
        "http": Case([_exporter(endpoint="http://tempo:4318")], says=["sends spans in plaintext"]),
        "inside the load balancer": Case(
            [
                collector_config(
                    {
                        "receivers": {"otlp": {"protocols": {"grpc": _TLS}}},
                        "exporters": {"load_balancing": {"protocol": {"otlp": {"tls": {"insecure": True}}}}},
                    }
                )
            ],
            says=["Exporter load_balancing in"],
        ),
        "Tempo's receiver": Case(
            [config({"distributor": {"receivers": {"otlp": {"protocols": {"http": {"endpoint": ":4318"}}}}}})],
            says=["Receiver otlp in tempo.yaml takes spans by http in plaintext"],
        ),
    },
)
