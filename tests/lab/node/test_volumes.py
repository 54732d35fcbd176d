from pathlib import Path
from typing import Any

import pytest

from lab.node.layout import NodeFolder
from lab.node.volumes import is_released, volume_for, wants_volume

FOLDER = NodeFolder(Path("/data"))


def claim(**changes: Any) -> dict[str, Any]:
    """Return a claim that wants a volume, with parts of its spec, status or annotations changed."""
    annotations = {"volume.kubernetes.io/selected-node": "fawkes-lab"}
    return {
        "metadata": {
            "namespace": "demo",
            "name": "data",
            "uid": "1234",
            "annotations": changes.get("annotations", annotations),
        },
        "spec": {
            "storageClassName": "fawkes-lab",
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "2Gi"}},
            **changes.get("spec", {}),
        },
        "status": {"phase": "Pending", **changes.get("status", {})},
    }


def test_a_pending_claim_whose_pod_has_a_node_wants_a_volume() -> None:
    """The counterpart of the table below."""
    assert wants_volume(claim())


@pytest.mark.parametrize(
    "changes",
    [
        {"spec": {"storageClassName": "another"}},
        {"spec": {"storageClassName": None}},
        {"spec": {"volumeName": "pv-1"}},
        {"status": {"phase": "Bound"}},
        {"status": {"phase": "Lost"}},
        {"annotations": {}},
    ],
)
def test_other_claims_are_left_alone(changes: dict[str, Any]) -> None:
    """Others serve other classes, a claim without a Pod waits, and a bound one has its volume."""
    assert not wants_volume(claim(**changes))


def test_the_volume_is_bound_to_its_claim_on_this_node_and_is_ours_to_delete() -> None:
    """Without any of these the claim waits forever, or Kubernetes tries to delete the volume itself."""
    volume = volume_for(claim(), FOLDER)
    assert volume["metadata"] == {
        "name": "pvc-1234",
        "annotations": {"pv.kubernetes.io/provisioned-by": "lab.fawkes.io/local-folder"},
    }
    assert volume["spec"]["claimRef"]["uid"] == "1234"
    assert volume["spec"]["capacity"] == {"storage": "2Gi"}
    assert volume["spec"]["local"] == {"path": "/data/volumes/pvc-1234"}
    assert volume["spec"]["accessModes"] == ["ReadWriteOnce"]
    (term,) = volume["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert term["matchExpressions"][0]["values"] == ["fawkes-lab"]


def released(**metadata: Any) -> dict[str, Any]:
    """Return a volume of ours whose claim was deleted."""
    volume = volume_for(claim(), FOLDER)
    volume["metadata"] |= metadata
    return {**volume, "status": {"phase": "Released"}}


def test_a_volume_is_reclaimed_when_it_is_ours_and_its_claim_is_gone() -> None:
    """Deleting a folder is final, so everything else is left alone."""
    kept = released()
    kept["spec"]["persistentVolumeReclaimPolicy"] = "Retain"
    bound = {**released(), "status": {"phase": "Bound"}}
    going = released(deletionTimestamp="2026-01-01T00:00:00Z")
    foreign = released(annotations={"pv.kubernetes.io/provisioned-by": "other"})
    assert is_released(released())
    assert [is_released(volume) for volume in (kept, bound, going, foreign)] == [False] * 4


def test_a_volume_is_on_the_node_that_the_scheduler_chose() -> None:
    """On another node, such as the other two simulated ones, its Pod could never start."""
    chosen = claim(annotations={"volume.kubernetes.io/selected-node": "simulated-b"})
    (term,) = volume_for(chosen, FOLDER)["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [
        {"key": "kubernetes.io/hostname", "operator": "In", "values": ["simulated-b"]}
    ]
