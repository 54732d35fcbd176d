from tests.support.collector_given import collector_config, pipeline
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.stacks import merge
from tests.support.tempo_given import config_map

_DEFINED = {"exporters": {"debug": {"verbosity": "detailed"}}}

CASES = Cases(
    passes=Case([collector_config()]),
    fails=Case(
        [collector_config(merge(_DEFINED, pipeline(exporters=["otlp_grpc/tempo", "debug"])))],
        says=["Exporter debug in collector.yaml writes spans to a log or a file"],
    ),
    missing=Case([collector_config(pipeline(exporters=["file/dump"]))], says=["Exporter file/dump"]),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={"defined, but not used": Case([collector_config(_DEFINED)])},
)
