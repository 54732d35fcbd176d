"""The placement of Tempo's Pods in microservices mode."""

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


def anti_affinity(recorder: Recorder, name: str) -> dict[str, Any]:
    return dict(pod(recorder, name)["affinity"]["podAntiAffinity"])


@pytest.mark.parametrize("name", ["distributor", "ingester", "querier", "query-frontend"])
def test_what_runs_more_than_once_spreads_over_zones_and_nodes(name: str) -> None:
    """Replicas that share a node or zone are lost together; an uneven spread still beats no Pod."""
    constraints = pod(tempo_2(), name)["topologySpreadConstraints"]
    assert [one["topologyKey"] for one in constraints] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    for one in constraints:
        assert (one["maxSkew"], one["whenUnsatisfiable"]) == (1, "ScheduleAnyway")
        assert matches(one["labelSelector"], pod_labels(tempo_2(), name))


@pytest.mark.parametrize("name", ["compactor", "metrics-generator"])
def test_a_single_pod_says_nothing_of_its_place(name: str) -> None:
    """A rule for a single Pod could only keep it from being scheduled."""
    assert not {"topologySpreadConstraints", "affinity"} & set(pod(tempo_2(), name))


def test_what_may_grow_to_several_spreads_from_the_start() -> None:
    """An autoscaler changes the number of Pods, not their template."""
    assert pod(tempo_3(), "backend-worker")["topologySpreadConstraints"]


def test_two_ingesters_with_the_same_traces_never_share_a_node() -> None:
    """The loss of one node must not take two copies of a trace."""
    (term,) = anti_affinity(tempo_2(), "ingester")["requiredDuringSchedulingIgnoredDuringExecution"]
    assert term["topologyKey"] == "kubernetes.io/hostname"
    assert matches(term["labelSelector"], pod_labels(tempo_2(), "ingester"))
    assert not matches(term["labelSelector"], pod_labels(tempo_2(), "distributor"))


@pytest.mark.parametrize(
    ("workloads", "name"), [(TEMPO_2, "ingester"), (TEMPO_3, "live-store-zone-a")], ids=["2", "3"]
)
def test_what_has_no_copies_spreads_like_anything_else(workloads: tuple[TempoWorkload, ...], name: str) -> None:
    """Without copies there is nothing to keep apart, and a required rule would only block scheduling."""
    found = pod(recorded(workloads, replication_factor=1), name)
    assert "affinity" not in found
    assert found["topologySpreadConstraints"]


def test_live_stores_keep_away_from_the_other_zone_alone() -> None:
    """The other zone has the copies; live stores of one zone hold different partitions and may share a node."""
    rules = anti_affinity(tempo_3(), "live-store-zone-a")
    (required,) = rules["requiredDuringSchedulingIgnoredDuringExecution"]
    (preferred,) = rules["preferredDuringSchedulingIgnoredDuringExecution"]
    assert required["topologyKey"] == "kubernetes.io/hostname"
    assert preferred["podAffinityTerm"]["topologyKey"] == "topology.kubernetes.io/zone"
    for term in (required, preferred["podAffinityTerm"]):
        assert matches(term["labelSelector"], pod_labels(tempo_3(), "live-store-zone-b"))
        assert not matches(term["labelSelector"], pod_labels(tempo_3(), "live-store-zone-a"))
        assert not matches(term["labelSelector"], pod_labels(tempo_3(), "querier"))
    assert "topologySpreadConstraints" not in pod(tempo_3(), "live-store-zone-a")
