import json
from typing import Any

import pytest

from lab.cluster.rollout import wait_for_rollouts
from lab.cluster.service import Cluster
from lab.errors import LabError
from tests.lab.conftest import Answer, ApiServer

pytestmark = pytest.mark.usefixtures("own_folders")

_POD: dict[str, Any] = {"selector": {}, "template": {}}
_DONE = {"replicas": 1, "readyReplicas": 1, "observedGeneration": 2, "currentRevision": "b", "updateRevision": "b"}
_DEPLOYED = {"replicas": 1, "updatedReplicas": 1, "availableReplicas": 1, "observedGeneration": 2}
_EVERYWHERE = {
    "currentNumberScheduled": 1,
    "desiredNumberScheduled": 1,
    "numberMisscheduled": 0,
    "numberReady": 1,
    "updatedNumberScheduled": 1,
    "numberAvailable": 1,
    "observedGeneration": 2,
}


def _workload(status: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "one", "generation": 2}, "spec": {**_POD, **spec}, "status": status}


def _serve(server: ApiServer, **changed: dict[str, Any]) -> None:
    """Answer with one workload of each kind, all rolled out but for what is changed."""
    workloads = {
        "statefulsets": _workload(_DONE | changed.get("statefulsets", {}), replicas=1, serviceName="one"),
        "deployments": _workload(_DEPLOYED | changed.get("deployments", {}), replicas=1),
        "daemonsets": _workload(_EVERYWHERE | changed.get("daemonsets", {})),
    }

    def answer(_method: str, path: str, _body: bytes) -> Answer:
        found = workloads.get(path.rpartition("/")[2])
        return 200, json.dumps({"items": [found] if found else []}).encode()

    server.answer = answer


def test_what_is_rolled_out_is_not_waited_for(cluster: Cluster, api_server: ApiServer) -> None:
    _serve(api_server)
    wait_for_rollouts(cluster, "tracing", pytest.fail)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        # The controller has not seen the change: its counts are those of before.
        ("statefulsets", {"observedGeneration": 1}),
        ("statefulsets", {"updateRevision": "c"}),
        ("statefulsets", {"readyReplicas": 0}),
        ("deployments", {"updatedReplicas": 0}),
        ("deployments", {"replicas": 2}),
        ("deployments", {"availableReplicas": 0}),
        ("daemonsets", {"updatedNumberScheduled": 0}),
        ("daemonsets", {"numberAvailable": 0}),
    ],
)
def test_what_is_not_is_waited_for_and_named_in_the_end(
    kind: str, status: dict[str, Any], cluster: Cluster, api_server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`up` ended while the Pods of before still ran, and what came next asked them."""
    monkeypatch.setattr("lab.cluster.rollout._SECONDS", 0.0)
    _serve(api_server, **{kind: status})
    with pytest.raises(LabError, match=r"(StatefulSet|Deployment|DaemonSet) one"):
        wait_for_rollouts(cluster, "tracing", lambda _: None)
