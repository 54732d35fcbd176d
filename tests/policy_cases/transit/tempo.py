from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, config_map

_SERVER = {"grpc_tls_config": {"cert_file": "/tls/tls.crt", "key_file": "/tls/tls.key"}}


def _tempo(**sections: Any) -> Given:
    return config({"server": _SERVER, **sections})


CASES = Cases(
    passes=Case(
        [_tempo(memberlist={"tls_enabled": True}, stream_over_http_enabled="${TEMPO_STREAM_OVER_HTTP:-false}")]
    ),
    fails=Case(
        [config({"memberlist": {"tls_enabled": True}})], says=["Tempo's own gRPC in tempo.yaml is plaintext"]
    ),
    missing=Case([_tempo()]),
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN)], says=["data.tempo.yaml is not known"]),
    more={
        "gossip": Case(
            [_tempo(memberlist={"join_members": ["tempo"]})], says=["The gossip in tempo.yaml is plaintext"]
        ),
        "the way around": Case(
            [_tempo(stream_over_http_enabled=True)], says=["answer all gRPC methods on its plaintext HTTP port"]
        ),
        "the way around by a variable": Case(
            [_tempo(stream_over_http_enabled="${STREAM:-true}")], says=["answer all gRPC methods"]
        ),
        "no streams": Case([_tempo(stream_over_http_enabled=False)]),
    },
)
