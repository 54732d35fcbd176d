from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.tempo_given import config, config_map

CASES = Cases(
    passes=Case([config()]),
    fails=Case(
        [config({"ingester": {"lifecycler": {"ring": {"replication_factor": 2}}}})],
        says=["replication factor of traces in tempo.yaml is 2; at least 3 is required"],
    ),
    missing=Case(
        [config({"ingester": {"lifecycler": None}})], says=["replication factor of traces in tempo.yaml is 1"]
    ),
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN)], says=["data.tempo.yaml is not known"]),
    more={
        "without ingesters, as Tempo 3": Case([config({"ingester": None})]),
        "one is allowed": Case([config({"ingester": {"lifecycler": None}})], config={"min_factor": 1}),
    },
)
