"""The placement of Tempo's Pods in microservices mode."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

from plan.tempo.workloads import TempoWorkload
from settings.tempo import Tempo
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


def with_ingesters(count: int) -> tuple[TempoWorkload, ...]:
    """Return Tempo 2 with this number of ingesters."""
    return tuple(
        replace(one, replicas=count, max_replicas=count) if one.target == "ingester" else one for one in TEMPO_2
    )


def zone_constraint(recorder: Recorder, name: str) -> dict[str, Any]:
    """Return the constraint over zones of a workload's Pods."""
    (found,) = [
        one
        for one in pod(recorder, name)["topologySpreadConstraints"]
        if one["topologyKey"] == "topology.kubernetes.io/zone"
    ]
    return dict(found)


def test_required_zones_hold_one_of_three_ingesters_each() -> None:
    """With three domains required, they do not pile up in the only zone that has nodes yet."""
    recorder = recorded(TEMPO_2, require_zones=True)
    found = zone_constraint(recorder, "ingester")
    assert found.pop("labelSelector")["matchLabels"]["app.kubernetes.io/name"] == "tempo-ingester"
    assert found == {
        "topologyKey": "topology.kubernetes.io/zone",
        "maxSkew": 1,
        "minDomains": 3,
        "whenUnsatisfiable": "DoNotSchedule",
        "nodeTaintsPolicy": "Honor",
    }
    term = anti_affinity(recorder, "ingester")["requiredDuringSchedulingIgnoredDuringExecution"]
    assert [one["topologyKey"] for one in term] == ["kubernetes.io/hostname"]


def test_more_ingesters_than_copies_may_return_to_their_zones_while_another_is_down() -> None:
    """With three domains required, a zone of the two that are left could hold one ingester only."""
    found = zone_constraint(recorded(with_ingesters(6), require_zones=True), "ingester")
    assert found["whenUnsatisfiable"] == "DoNotSchedule"
    assert "minDomains" not in found


@pytest.mark.parametrize("name", ["distributor", "querier", "query-frontend", "memcached"])
def test_only_what_holds_copies_waits_for_its_zone(name: str) -> None:
    """Anything else would stay away just when a zone is lost."""
    found = zone_constraint(recorded(TEMPO_2, require_zones=True), name)
    assert found["whenUnsatisfiable"] == "ScheduleAnyway"


@pytest.mark.parametrize(("name", "other"), [("zone-a", "zone-b"), ("zone-b", "zone-a")])
def test_required_zones_keep_the_two_zones_of_live_stores_apart_and_each_together(name: str, other: str) -> None:
    """A zone of live stores that took two zones of the cluster could leave none to the other."""
    recorder = recorded(TEMPO_3, require_zones=True)
    own, others = f"live-store-{name}", f"live-store-{other}"
    rules = anti_affinity(recorder, own)
    assert set(rules) == {"requiredDuringSchedulingIgnoredDuringExecution"}
    apart = rules["requiredDuringSchedulingIgnoredDuringExecution"]
    assert {term["topologyKey"] for term in apart} == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}
    for term in apart:
        assert matches(term["labelSelector"], pod_labels(recorder, others))
        assert not matches(term["labelSelector"], pod_labels(recorder, own))
    affinity = pod(recorder, own)["affinity"]["podAffinity"]
    (together,) = affinity["requiredDuringSchedulingIgnoredDuringExecution"]
    assert together["topologyKey"] == "topology.kubernetes.io/zone"
    assert matches(together["labelSelector"], pod_labels(recorder, own))
    assert not matches(together["labelSelector"], pod_labels(recorder, others))


@pytest.mark.parametrize(
    ("zones", "share", "words"),
    [
        ([1, 1, 1], 0, "With 3 ingesters the loss of a zone takes one copy"),
        ([2, 2, 2], 0.2, "a fifth of the spans with 6"),
        ([2, 1, 1], 0.5, "half with 4"),
    ],
)
def test_the_settings_description_says_what_the_loss_of_the_fullest_zone_takes(
    zones: list[int], share: float, words: str
) -> None:
    """Any three ingesters may hold a trace; with two of its copies gone, its spans are refused."""
    ingesters = [zone for zone, count in enumerate(zones) for _ in range(count)]
    holders = list(itertools.combinations(ingesters, 3))
    assert sum(three.count(0) > 1 for three in holders) / len(holders) == share
    assert words in str(Tempo.model_fields["require_zones"].description)
