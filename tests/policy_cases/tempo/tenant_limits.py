from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.stacks import merge
from tests.support.tempo_given import LIMITS, config_map, limits

CASES = Cases(
    passes=Case([limits({"*": LIMITS, "team": LIMITS})]),
    fails=Case(
        [limits({"*": LIMITS, "team": merge(LIMITS, {"ingestion": {"max_traces_per_user": 0}})})],
        says=["The block of tenant team in overrides.yaml sets no ingestion.max_traces_per_user"],
    ),
    missing=Case([limits({"team": merge(LIMITS, {"global": None})})], says=["sets no global.max_bytes_per_trace"]),
    unknown=Case([config_map("limits", "overrides.yaml", UNKNOWN)], says=["data.overrides.yaml is not known"]),
)
