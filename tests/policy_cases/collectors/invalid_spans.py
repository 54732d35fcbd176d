from typing import Any

from tests.support.collector_given import agent_config, collector_config, pipeline
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config_map

_ZERO_TRACE = "span.trace_id == TraceID(0x00000000000000000000000000000000)"
_ZERO_SPAN = "span.span_id == SpanID(0x0000000000000000)"


def _filter(*conditions: str) -> Given:
    processors: dict[str, Any] = {"filter/invalid": {"trace_conditions": list(conditions)}}
    return agent_config({"processors": processors})


CASES = Cases(
    passes=Case([agent_config()]),
    fails=Case(
        [agent_config(pipeline(processors=["memory_limiter"]))],
        says=["load_balancing in collector.yaml gets spans with an all-zero span id", "all-zero trace id"],
    ),
    missing=Case(
        [agent_config({"processors": {"filter/invalid": {"trace_conditions": None}}})],
        says=["all-zero span id", "all-zero trace id"],
    ),
    unknown=Case([config_map("config", "collector.yaml", UNKNOWN)], says=["data.collector.yaml is not known"]),
    more={
        "two conditions": Case([_filter(_ZERO_TRACE, _ZERO_SPAN)]),
        "only trace ids": Case([_filter(_ZERO_TRACE)], says=["all-zero span id"]),
        "both at once": Case(
            [_filter(f"{_ZERO_TRACE} and {_ZERO_SPAN}")], says=["all-zero span id", "all-zero trace id"]
        ),
        "a collector behind agents": Case([collector_config()]),
    },
)
