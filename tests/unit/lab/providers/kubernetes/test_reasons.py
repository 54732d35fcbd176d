from lab.providers.kubernetes.reasons import explain, pod_reasons
from lab.providers.values import Json
from tests.unit.lab.providers.kubernetes.fakes import FakeCluster


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


def _stateful_set(policy: str) -> Json:
    return {
        "kind": "StatefulSet",
        "metadata": {"name": "tempo", "namespace": "ns"},
        "spec": {"podManagementPolicy": policy, "selector": {"matchLabels": {"app": "tempo"}}},
        "status": {"updateRevision": "new"},
    }


def test_a_stuck_rollout_says_which_pod_to_delete() -> None:
    """A StatefulSet never replaces a Pod of its old template that was never ready."""
    cluster = FakeCluster()
    labels = {"controller-revision-hash": "old"}
    cluster.lists["Pod"] = [{"metadata": {"name": "tempo-0", "labels": labels}, "status": {}}]
    hint = "Pod tempo-0 is of the old template and was never ready: delete it to go on"
    assert explain(cluster, _stateful_set("OrderedReady")) == [hint]
    assert explain(cluster, _stateful_set("Parallel")) == []


def _event(name: str, reason: str, message: str, time: str) -> Json:
    about = {"kind": "ReplicaSet", "name": name}
    return {"involvedObject": about, "reason": reason, "message": message, "lastTimestamp": time}


def test_warnings_about_the_object_and_its_own_are_told_once_each() -> None:
    """The newest of a kind; not those about others, nor what the containers say themselves."""
    cluster = FakeCluster()
    cluster.lists["Event"] = [
        _event("tempo-5d4", "FailedCreate", "second", "2026-01-01T00:00:02Z"),
        _event("tempo-5d4", "FailedCreate", "first", "2026-01-01T00:00:01Z"),
        _event("tempo-5d4", "BackOff", "pulling", "2026-01-01T00:00:03Z"),
        _event("tempora", "FailedCreate", "another's", "2026-01-01T00:00:04Z"),
    ]
    live = _stateful_set("Parallel") | {"kind": "Deployment"}
    assert explain(cluster, live) == ["ReplicaSet tempo-5d4: FailedCreate: second"]


def test_of_many_pods_only_some_are_told() -> None:
    """They nearly always fail for one reason."""
    cluster = FakeCluster()
    condition = {"type": "PodScheduled", "status": "False", "message": "no room"}
    names = [f"tempo-{number}" for number in range(5)]
    cluster.lists["Pod"] = [{"metadata": {"name": name}, "status": {"conditions": [condition]}} for name in names]
    told = explain(cluster, _stateful_set("Parallel"))
    assert len(told) == 4
    assert told[-1] == "2 more Pods are not ready either"
