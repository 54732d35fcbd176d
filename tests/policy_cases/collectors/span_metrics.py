from typing import Any

from tests.support.collector_given import collector, collector_config
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, config_map, limits


def _counting(**connector: Any) -> Given:
    """Return the configuration of a collector that counts the spans that it passes on."""
    pipelines = {
        "traces": {"exporters": ["otlp_grpc/tempo", "span_metrics"]},
        "metrics": {"receivers": ["span_metrics"], "exporters": ["prometheus"]},
    }
    return collector_config(
        {
            "connectors": {"span_metrics": connector},
            "exporters": {"prometheus": {"endpoint": ":8889"}},
            "service": {"pipelines": pipelines},
        }
    )


def _tempo(*processors: str) -> Given:
    return limits({"team-a": {"metrics_generator": {"processors": list(processors)}}})


_BOUNDED = _counting(aggregation_cardinality_limit=1000)

CASES = Cases(
    passes=Case([collector(), _BOUNDED, _tempo("service-graphs")]),
    fails=Case(
        [collector(), _BOUNDED, _tempo("service-graphs", "span-metrics")],
        says=["Tempo makes span metrics, as the collector of gateway does: spans are counted twice"],
    ),
    missing=Case([collector(), collector_config(), limits({"team-a": {}})]),
    unknown=Case(
        [collector(), _BOUNDED, config_map("limits", "overrides.yaml", UNKNOWN)],
        says=["data.overrides.yaml is not known"],
    ),
    more={
        "no limit": Case(
            [collector(), _counting()],
            says=["The connector span_metrics of gateway has no aggregation_cardinality_limit"],
        ),
        "a limit of nothing": Case(
            [collector(), _counting(aggregation_cardinality_limit=0)],
            says=["has no aggregation_cardinality_limit"],
        ),
        "Tempo makes a part of them by default": Case(
            [
                collector(),
                _BOUNDED,
                config(
                    {"overrides": {"defaults": {"metrics_generator": {"processors": ["span-metrics-latency"]}}}}
                ),
            ],
            says=["Tempo makes span metrics"],
        ),
        "Tempo alone": Case([_tempo("span-metrics")]),
        "a connector that counts nothing": Case(
            [collector(), collector_config({"connectors": {"span_metrics": {}}}), _tempo("span-metrics")]
        ),
    },
)
