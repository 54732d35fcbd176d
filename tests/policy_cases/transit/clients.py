from typing import Any

from tests.support.collector_given import collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, config_map

_VERIFIES = {"tls": {"cert_file": "/tls/tls.crt", "client_ca_file": "/tls/ca.crt"}}
_SHOWS = {"ca_file": "/tls/ca.crt", "cert_file": "/tls/tls.crt"}


def _collector(receiver: dict[str, Any], **exporter: Any) -> Given:
    return collector_config(
        {
            "receivers": {"otlp": {"protocols": {"grpc": receiver}}},
            "exporters": {"otlp_grpc/tempo": {"tls": exporter}},
        }
    )


def _tempo(**server: Any) -> Given:
    return config({"server": {"grpc_tls_config": server}})


_TEMPO = _tempo(client_auth_type="RequireAndVerifyClientCert", client_ca_file="/tls/ca.crt")

CASES = Cases(
    passes=Case([_collector(_VERIFIES, **_SHOWS), _TEMPO]),
    fails=Case(
        [_collector({"tls": {"cert_file": "/tls/tls.crt"}}, **_SHOWS)],
        says=["Receiver otlp in collector.yaml takes spans by grpc from clients without a certificate"],
    ),
    missing=Case([config()], says=["Tempo's own gRPC in tempo.yaml answers clients without a certificate"]),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "an exporter without a certificate": Case(
            [_collector(_VERIFIES, ca_file="/tls/ca.crt")],
            says=["Exporter otlp_grpc/tempo in collector.yaml has no certificate to show"],
        ),
        "Tempo asks and does not verify": Case(
            [_tempo(client_auth_type="RequireAnyClientCert", client_ca_file="/tls/ca.crt")],
            says=["answers clients without a certificate"],
        ),
        "Tempo's receiver": Case(
            [
                config(
                    {
                        "server": {
                            "grpc_tls_config": {
                                "client_auth_type": "RequireAndVerifyClientCert",
                                "client_ca_file": "/tls/ca.crt",
                            }
                        },
                        "distributor": {"receivers": {"otlp": {"protocols": {"http": {"tls": {}}}}}},
                    }
                )
            ],
            says=["Receiver otlp in tempo.yaml takes spans by http from clients without"],
        ),
        "an allowed ConfigMap": Case([_collector({}, **_SHOWS)], config={"open_receivers": ["config"]}),
    },
)
