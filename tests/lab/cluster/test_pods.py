import json
from typing import Any

import pytest

from lab.cluster.pods import logs_of, pods_in, view_of
from lab.cluster.service import Cluster
from lab.errors import LabError
from tests.lab.conftest import Answer, ApiServer

WAITING = {"waiting": {"reason": "CrashLoopBackOff"}}
STARTING = {"waiting": {"reason": "PodInitializing"}}
RUNNING = {"running": {"startedAt": "2026-01-02T03:04:05Z"}}
CRASHED = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}


def container(name: str, state: dict[str, Any], restarts: int = 0) -> dict[str, Any]:
    """Return a container's status."""
    return {
        "name": name,
        "state": state,
        "ready": state == RUNNING,
        "restartCount": restarts,
        "image": "i",
        "imageID": "",
    }


def manifest(name: str = "tempo-0", inits: tuple[str, ...] = (), **status: Any) -> dict[str, Any]:
    """Return a Pod of two containers, as the API server writes it."""
    return {
        "metadata": {"name": name, "namespace": "fawkes"},
        "spec": {
            "containers": [{"name": "main", "image": "tempo:1"}, {"name": "side", "image": "side:1"}],
            "initContainers": [{"name": one, "image": "init:1"} for one in inits],
        },
        "status": {"phase": "Running", **status},
    }


def listed(*pods: dict[str, Any]) -> Answer:
    """Return the API server's list of Pods."""
    return 200, json.dumps({"kind": "PodList", "items": pods}).encode()


def refused(code: int, message: str) -> Answer:
    """Return an answer of the API server that is a refusal."""
    return code, json.dumps({"kind": "Status", "code": code, "message": message}).encode()


@pytest.mark.parametrize(
    ("pod", "ready", "state"),
    [
        (manifest(containerStatuses=[container("main", RUNNING), container("side", RUNNING)]), "2/2", "Running"),
        (manifest(phase="Pending"), "0/2", "Pending"),
        (
            manifest(
                phase="Pending",
                conditions=[{"type": "PodScheduled", "status": "False", "message": "0/1 nodes are available"}],
            ),
            "0/2",
            "Pending: 0/1 nodes are available",
        ),
        (manifest(phase="Failed", reason="Evicted"), "0/2", "Evicted"),
        (manifest(containerStatuses=[container("main", WAITING, 3)]), "0/2", "CrashLoopBackOff"),
        (manifest(containerStatuses=[container("main", CRASHED)]), "0/2", "OOMKilled, exit code 137"),
        (
            manifest(
                ("tempo-0"),
                ("wait",),
                phase="Pending",
                initContainerStatuses=[container("wait", WAITING, 1)],
                containerStatuses=[container("main", STARTING)],
            ),
            "0/2",
            "init container wait: CrashLoopBackOff",
        ),
        (
            manifest() | {"metadata": {"name": "tempo-0", "deletionTimestamp": "2026-01-02T03:04:05Z"}},
            "0/2",
            "Terminating",
        ),
    ],
)
def test_a_pod_says_how_it_is_and_what_holds_it_up(
    cluster: Cluster, api_server: ApiServer, pod: dict[str, Any], ready: str, state: str
) -> None:
    """Its phase says Running of one that crashes for ever, and Pending of one that has no node."""
    api_server.answer = lambda *_: listed(pod)
    (found,) = pods_in(cluster, "fawkes")
    assert (view_of(found).ready, view_of(found).state) == (ready, state)


def test_a_namespace_that_is_absent_is_told_and_an_empty_one_is_empty(
    cluster: Cluster, api_server: ApiServer
) -> None:
    """The API server lists no Pods in either."""
    one: dict[str, Answer] = {"namespace": refused(404, "namespaces not found")}
    api_server.answer = lambda _method, path, _body: listed() if path.endswith("/pods") else one["namespace"]
    with pytest.raises(LabError, match="The cluster has no namespace fawkes") as absent:
        pods_in(cluster, "fawkes")
    assert "make up" in absent.value.fix
    one["namespace"] = 200, json.dumps({"metadata": {"name": "fawkes"}}).encode()
    assert pods_in(cluster, "fawkes") == []
    # Who may list Pods need not be allowed to see namespaces.
    one["namespace"] = refused(403, "namespaces is forbidden")
    assert pods_in(cluster, "fawkes") == []


def test_every_container_says_its_last_lines_and_what_it_said_before_a_crash(
    cluster: Cluster, api_server: ApiServer
) -> None:
    """The log of a container that was just started again does not say why the last one ended."""
    pod = manifest(
        inits=("wait",),
        initContainerStatuses=[container("wait", RUNNING)],
        containerStatuses=[container("main", RUNNING, restarts=2), container("side", STARTING)],
    )

    def answer(_method: str, path: str, _body: bytes) -> Answer:
        if path.endswith("/pods"):
            return listed(pod)
        return refused(400, "container is waiting") if "container=side" in path else (200, b"said\n")

    api_server.answer = answer
    (found,) = pods_in(cluster, "fawkes")
    logs = list(logs_of(cluster, found, 7))
    name = found.metadata.name
    assert logs == [
        (f"{name}, init container wait", "said"),
        (f"{name}, container main, before its last restart", "said"),
        (f"{name}, container main", "said"),
        (f"{name}, container side", "No log: container is waiting"),
    ]
    assert all("tailLines=7" in path for _, path, _ in api_server.asked[1:])


def test_what_a_program_prints_is_shown_and_not_obeyed(cluster: Cluster, api_server: ApiServer) -> None:
    """Also where it is no text at all."""
    printed = b"\x1b[31mred\x1b[0m [bold]\ttab\r\nnext \xff\xfe\n"
    api_server.answer = lambda _method, path, _body: (
        listed(manifest()) if path.endswith("/pods") else (200, printed)
    )
    (found,) = pods_in(cluster, "fawkes")
    assert next(logs_of(cluster, found, 7))[1] == "\\x1b[31mred\\x1b[0m [bold]\ttab\\r\nnext ��"
