from tests.support.collector_given import collector_config, pipeline
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.tempo_given import config_map

CASES = Cases(
    passes=Case([collector_config()]),
    fails=Case(
        [collector_config(pipeline(processors=["batch", "memory_limiter"]))],
        says=["Pipeline traces in collector.yaml does not begin with memory_limiter"],
    ),
    missing=Case(
        [collector_config({"processors": {"memory_limiter": {"limit_percentage": None}}})],
        says=["memory_limiter in collector.yaml has no check_interval or no limit"],
    ),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "no processors": Case([collector_config(pipeline(processors=[]))], says=["does not begin with"]),
        "never checked": Case(
            [collector_config({"processors": {"memory_limiter": {"check_interval": "0s"}}})],
            says=["never refuses"],
        ),
        "behind a connector": Case(
            [
                collector_config(
                    {
                        "connectors": {"forward": {}},
                        "service": {"pipelines": {"traces/b": {"receivers": ["forward"], "exporters": ["x"]}}},
                    }
                )
            ]
        ),
    },
)
