"""Where the Pods of a Tempo of microservices go."""

from typing import Any

import pytest

from plan.tempo.workloads import TempoWorkload
from snapshot.recorder import Recorder
from tests.support.tempo_workloads import (
    TEMPO_2,
    TEMPO_3,
    matches,
    pod,
    pod_labels,
    recorded,
    tempo_2,
    tempo_3,
)


@pytest.mark.parametrize("name", ["distributor", "ingester", "querier", "query-frontend"])
def test_what_runs_more_than_once_spreads_over_zones_and_nodes(name: str) -> None:
    constraints = pod(tempo_2(), name)["topologySpreadConstraints"]
    assert [one["topologyKey"] for one in constraints] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    for one in constraints:
        assert (one["maxSkew"], one["whenUnsatisfiable"]) == (1, "ScheduleAnyway")
        assert matches(one["labelSelector"], pod_labels(tempo_2(), name))


@pytest.mark.parametrize("name", ["compactor", "metrics-generator"])
def test_a_single_pod_says_nothing_of_its_place(name: str) -> None:
    assert not {"topologySpreadConstraints", "affinity"} & set(pod(tempo_2(), name))


def test_what_may_grow_to_several_spreads_from_the_start() -> None:
    assert pod(tempo_3(), "backend-worker")["topologySpreadConstraints"]


def anti_affinity(recorder: Recorder, name: str) -> dict[str, Any]:
    return dict(pod(recorder, name)["affinity"]["podAntiAffinity"])


def test_two_ingesters_with_the_same_traces_never_share_a_node() -> None:
    (term,) = anti_affinity(tempo_2(), "ingester")["requiredDuringSchedulingIgnoredDuringExecution"]
    assert term["topologyKey"] == "kubernetes.io/hostname"
    assert matches(term["labelSelector"], pod_labels(tempo_2(), "ingester"))
    assert not matches(term["labelSelector"], pod_labels(tempo_2(), "distributor"))


@pytest.mark.parametrize(
    ("workloads", "name"), [(TEMPO_2, "ingester"), (TEMPO_3, "live-store-zone-a")], ids=["2", "3"]
)
def test_what_has_no_copies_spreads_like_anything_else(workloads: tuple[TempoWorkload, ...], name: str) -> None:
    found = pod(recorded(workloads, replication_factor=1), name)
    assert "affinity" not in found
    assert found["topologySpreadConstraints"]


def test_live_stores_keep_away_from_the_other_zone_alone() -> None:
    """The other zone has the copies; those of the same zone have other partitions and may share a node."""
    rules = anti_affinity(tempo_3(), "live-store-zone-a")
    (required,) = rules["requiredDuringSchedulingIgnoredDuringExecution"]
    (wished,) = rules["preferredDuringSchedulingIgnoredDuringExecution"]
    assert required["topologyKey"] == "kubernetes.io/hostname"
    assert wished["podAffinityTerm"]["topologyKey"] == "topology.kubernetes.io/zone"
    for term in (required, wished["podAffinityTerm"]):
        assert matches(term["labelSelector"], pod_labels(tempo_3(), "live-store-zone-b"))
        assert not matches(term["labelSelector"], pod_labels(tempo_3(), "live-store-zone-a"))
        assert not matches(term["labelSelector"], pod_labels(tempo_3(), "querier"))
    assert "topologySpreadConstraints" not in pod(tempo_3(), "live-store-zone-a")
