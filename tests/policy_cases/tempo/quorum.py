from collections.abc import Mapping
from typing import Any

from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN, Given
from tests.support.tempo_given import config, workload


def _budget(spec: Mapping[str, Any], labels: object = None) -> Given:
    selector = {"matchLabels": labels or {"app": "ingester"}}
    return Given("kubernetes:policy/v1:PodDisruptionBudget", "budget", {"spec": {"selector": selector, **spec}})


CASES = Cases(
    passes=Case([config(), workload(), _budget({"maxUnavailable": 1})]),
    fails=Case(
        [config(), workload(), _budget({"maxUnavailable": 2})],
        says=["It lets 2 ingesters go at once; with 3 copies of each trace 1 may"],
    ),
    missing=Case([config(), workload()], says=["No PodDisruptionBudget keeps more than 1 of the ingesters"]),
    unknown=Case(
        [config(), workload(replicas=UNKNOWN), _budget({"maxUnavailable": 1})], says=["replicas is not known"]
    ),
    more={
        "fewer ingesters than copies": Case(
            [config(), workload(replicas=2), _budget({"maxUnavailable": 1})],
            says=["2 ingesters cannot hold 3 copies of each trace"],
        ),
        "too few stay": Case(
            [config(), workload(), _budget({"minAvailable": "30%"})], says=["It lets 2 ingesters go at once"]
        ),
        "half of five": Case([config(), workload(replicas=5), _budget({"minAvailable": "80%"})]),
        "of other Pods": Case(
            [config(), workload(), _budget({"maxUnavailable": 1}, {"app": "querier"})],
            says=["No PodDisruptionBudget"],
        ),
        "no number": Case(
            [config(), workload(), _budget({"maxUnavailable": "one"})], says=["neither a number nor a percentage"]
        ),
        "in three zones": Case(
            [
                config(),
                *(workload(replicas=1, workload_name=f"zone-{zone}") for zone in "abc"),
                _budget({"maxUnavailable": 1}),
            ]
        ),
        "queriers": Case([config(), workload("querier", replicas=1)]),
        "one copy": Case(
            [config({"ingester": {"lifecycler": {"ring": {"replication_factor": 1}}}}), workload(replicas=1)]
        ),
    },
)
