from tests.support.collector_given import collector_config, pipeline
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.stacks import merge
from tests.support.tempo_given import config_map

_NO_BATCH = pipeline(processors=["memory_limiter", "tail_sampling"])
_IN_QUEUE = {"exporters": {"otlp_grpc/tempo": {"sending_queue": {"batch": {"max_size": 8388608}}}}}

CASES = Cases(
    passes=Case([collector_config()]),
    fails=Case(
        [collector_config(_NO_BATCH)],
        says=["Exporter otlp_grpc/tempo in collector.yaml gets no batches of limited size from the sampler"],
    ),
    missing=Case([collector_config({"processors": {"batch": None}})], says=["gets no batches of limited size"]),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "in the queue": Case([collector_config(merge(_NO_BATCH, _IN_QUEUE))]),
        "without a sampler": Case([collector_config(pipeline(processors=["memory_limiter"]))]),
    },
)
