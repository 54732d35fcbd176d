from collections.abc import Mapping
from typing import Any

import yaml

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, config_map, limits, workload

_BOUNDS = {"min_hours": 24, "max_hours": 168, "min_long_term_hours": 700, "max_long_term_hours": 800}


def _kept(**hours: str | None) -> Given:
    """Return the limits of tenants; `_` stands for `-` in their names."""
    return limits(
        {name.replace("_", "-"): {"compaction": {"block_retention": one}} for name, one in hours.items()}
    )


def _others(duration: str, more: Mapping[str, Any] | None = None) -> Given:
    return limits({"*": {"compaction": {"block_retention": duration}}, **(more or {})})


_COLLECTOR = config_map(
    "gateway",
    "collector.yaml",
    yaml.safe_dump({"exporters": {"otlp": {"headers": {"X-Scope-OrgID": "new"}}}, "service": {}}),
)
_STACK = [config(), workload()]

CASES = Cases(
    passes=Case([*_STACK, _others("720h", {"team": {"compaction": {"block_retention": "2d"}}})], config=_BOUNDS),
    fails=Case(
        [*_STACK, _others("720h", {"team": {"compaction": {"block_retention": "1h"}}})],
        config=_BOUNDS,
        says=["Traces of tenant team are kept for 1 h (tenant team in overrides.yaml); 24 to 168 h are allowed"],
    ),
    missing=Case(
        [*_STACK, _others("720h", {"team": {"global": {"max_bytes_per_trace": 1}}})],
        config=_BOUNDS,
        says=["tenant team are kept for 8760 h (tempo.yaml for all without a retention)"],
    ),
    unknown=Case([*_STACK, config_map("limits", "overrides.yaml", UNKNOWN)], says=["overrides.yaml is not known"]),
    more={
        "too long": Case(
            [*_STACK, _others("720h", {"team": {"compaction": {"block_retention": "169h"}}})],
            config=_BOUNDS,
            says=["are kept for 169 h"],
        ),
        "the long-term tier": Case(
            [*_STACK, _others("720h", {"team-long-term": {"compaction": {"block_retention": "168h"}}})],
            config=_BOUNDS,
            says=[
                "tenant team-long-term are kept for 168 h (tenant team-long-term in overrides.yaml); 700 to 800"
            ],
        ),
        "all others": Case(
            [*_STACK, _others("900h")], config=_BOUNDS, says=["every other tenant are kept for 900"]
        ),
        "the flat form": Case(
            [*_STACK, _others("720h", {"team": {"block_retention": "1h"}})],
            config=_BOUNDS,
            says=["tenant team are kept for 1 h"],
        ),
        "a tenant that is sent to only": Case(
            [*_STACK, _COLLECTOR, _others("720h")],
            config=_BOUNDS,
            says=["tenant new are kept for 720 h (tenant * in overrides.yaml)"],
        ),
        "no limits at all": Case(
            _STACK, config=_BOUNDS, says=["every other tenant are kept for 8760 h (tempo.yaml for all"]
        ),
        "Tempo's default": Case(
            [config({"compactor": None}), workload()],
            config=_BOUNDS | {"max_long_term_hours": 300, "max_hours": 300},
            says=["every other tenant are kept for 336 h"],
        ),
        "one tenant": Case(
            [config({"multitenancy_enabled": False}), workload(), _kept(single_tenant="24h")], config=_BOUNDS
        ),
        "deleted at once": Case(
            [config({"compactor": {"compaction": {"block_retention": "0s"}}}), workload()],
            says=["every other tenant are kept for 0 h"],
        ),
    },
)
