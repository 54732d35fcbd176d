from tests.support.collector_given import collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.tempo_given import config, config_map

CASES = Cases(
    passes=Case([collector_config(), config()]),
    fails=Case(
        [collector_config({"exporters": {"otlp_grpc/tempo": {"tls": {"insecure_skip_verify": True}}}})],
        says=["exporters.otlp_grpc/tempo.tls.insecure_skip_verify is true, so anybody may answer"],
    ),
    missing=Case([config({"storage": {"trace": {"s3": None}}})]),
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN)], says=["data.tempo.yaml is not known"]),
    more={
        "Tempo's": Case(
            [config({"storage": {"trace": {"s3": {"tls_insecure_skip_verify": True}}}})],
            says=["storage.trace.s3.tls_insecure_skip_verify is true"],
        ),
        "in a list": Case(
            [config({"metrics_generator": {"remote_write": [{"tls_config": {"insecure_skip_verify": True}}]}})],
            says=["remote_write[0].tls_config.insecure_skip_verify is true"],
        ),
        "no flag": Case(
            [
                collector_config(
                    {"exporters": {"otlp_grpc/tempo": {"tls": {"insecure_skip_verify": "yes please"}}}}
                )
            ],
            says=["insecure_skip_verify is text; true or false was expected"],
        ),
    },
)
