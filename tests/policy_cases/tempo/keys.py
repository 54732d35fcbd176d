from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.stacks import merge
from tests.support.tempo_given import LIMITS, config, config_map, limits, workload

_MISSPELT = {"compactor": {"compaction": {"block_retenton": "48h"}}}

CASES = Cases(
    passes=Case([config(), limits({"*": LIMITS}), workload()]),
    fails=Case(
        [config(_MISSPELT), workload()],
        says=["tempo.yaml has compactor.compaction.block_retenton, which Tempo 2 does not know; it knows"],
    ),
    missing=Case([config(_MISSPELT), workload(image="")], says=["names no version of Tempo in its tag"]),
    unknown=Case([config(), workload(image=UNKNOWN)], says=["image is not known"]),
    more={
        "of another version": Case(
            [config({"compactor": None}), workload(image="grafana/tempo:3.0.3@sha256:ab")],
            says=[
                "has ingester.lifecycler.ring.replication_factor, which Tempo 3 does not know, but 2 does",
                "has ingester.lifecycler.ring.kvstore.store, which",
                "tempo.yaml has compactor, which Tempo 3 does not know, but 2 does",
            ],
        ),
        "a version nobody knows": Case(
            [config(), workload(image="grafana/tempo:4.0.0")], says=["Its image is Tempo 4; the keys of 2 and 3"]
        ),
        "a tenant's": Case(
            [config(), limits({"team": merge(LIMITS, {"read": {"max_search_durations": "1h"}})}), workload()],
            says=["Tenant team: overrides.yaml has read.max_search_durations, which Tempo 2 does not know"],
        ),
        "a receiver's": Case([config({"distributor": {"receivers": {"otlp": {"x": 1}}}}), workload()]),
        "unread": Case([config(_MISSPELT)]),
        "a name that is not known": Case(
            [config(_MISSPELT), workload(mounts=[UNKNOWN], depends_on=["config"])], says=["block_retenton"]
        ),
        "another file": Case([config_map("config", "other.yaml", "retenton: 1"), workload()]),
    },
)
