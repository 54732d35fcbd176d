from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.tempo_given import config, config_map

CASES = Cases(
    passes=Case([config()]),
    fails=Case(
        [config({"query_frontend": {"search": {"max_duration": "800h0m0s"}}})],
        says=["A search may read 800 h in tempo.yaml; 744 h are allowed"],
    ),
    missing=Case([config({"query_frontend": None})]),  # Tempo's defaults
    unknown=Case([config_map("config", "tempo.yaml", UNKNOWN)], says=["data.tempo.yaml is not known"]),
    more={
        "unlimited": Case(
            [config({"query_frontend": {"metrics": {"max_duration": 0}}})],
            says=["A TraceQL metrics query has no longest time range"],
        ),
        "the default is too long": Case(
            [config({"query_frontend": None})], config={"max_hours": 100}, says=["A search may read 168 h"]
        ),
        "no duration": Case(
            [config({"query_frontend": {"search": {"max_duration": "a week"}}})], says=["is no duration as 30s"]
        ),
    },
)
