from lab.providers.kubernetes.reasons import pod_reasons
from lab.providers.values import Json


def _pod(**status: object) -> Json:
    return {"metadata": {"name": "tempo-0"}, "status": status}


def test_a_pod_without_a_node_says_why() -> None:
    """The scheduler's own words name what is short."""
    condition = {"type": "PodScheduled", "status": "False", "message": "1 Insufficient cpu"}
    assert list(pod_reasons(_pod(conditions=[condition]))) == ["Pod tempo-0 cannot be placed: 1 Insufficient cpu"]


def test_a_waiting_container_says_what_for() -> None:
    """A mistyped image is the most common reason of all."""
    status = {"name": "main", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}}
    expected = ["Pod tempo-0, container main: ImagePullBackOff: no such image"]
    assert list(pod_reasons(_pod(containerStatuses=[status]))) == expected


def test_a_crashing_container_says_how_it_ended_before() -> None:
    """`CrashLoopBackOff` alone tells nobody what to do."""
    status = {
        "name": "main",
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"exitCode": 1, "reason": "Error", "message": "bad config\n"}},
    }
    expected = "Pod tempo-0, container main: CrashLoopBackOff; before that it ended with 1 (Error): bad config"
    assert list(pod_reasons(_pod(containerStatuses=[status]))) == [expected]


def test_a_running_container_that_is_not_ready_points_at_its_probe() -> None:
    """Nothing else is wrong with it."""
    status = {"name": "main", "state": {"running": {}}, "ready": False}
    assert "readiness probe" in next(pod_reasons(_pod(containerStatuses=[status])))


def test_finished_and_ready_containers_are_not_mentioned() -> None:
    """An init container that did its work is not ready either, and is no reason."""
    done = {"name": "init", "state": {"terminated": {"exitCode": 0}}, "ready": False}
    ready = {"name": "main", "state": {"running": {}}, "ready": True}
    assert list(pod_reasons(_pod(initContainerStatuses=[done], containerStatuses=[ready]))) == []
