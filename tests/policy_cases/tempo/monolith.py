from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, workload


def _monolith(**changes: Any) -> Given:
    return workload("all", **changes)


_IN_MEMORY = {"ingester": {"lifecycler": {"ring": {"kvstore": {"store": "inmemory"}}}}}

CASES = Cases(
    passes=Case([config(), _monolith(replicas=1, image="grafana/tempo:3.0.3")]),
    fails=Case(
        [config(), _monolith(replicas=2, image="grafana/tempo:3.0.3")],
        says=["It runs 2 monolithic Tempos; from 3.0 on"],
    ),
    missing=Case([config(), _monolith(replicas=2, image="grafana/tempo")], says=["names no version of Tempo"]),
    unknown=Case([config(), _monolith(replicas=UNKNOWN)], says=["replicas is not known"]),
    more={
        "a ring in memory": Case(
            [config(_IN_MEMORY), _monolith(replicas=2)], says=["their ring is in memory, so none knows of another"]
        ),
        "a ring": Case([config(), _monolith(replicas=2)]),
        "several queriers": Case([config(_IN_MEMORY), workload("querier", replicas=2)]),
    },
)
