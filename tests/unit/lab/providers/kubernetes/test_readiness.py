import pytest

from lab.providers.kubernetes.readiness import Verdict, judge
from lab.providers.values import Json


def _live(api_version: str, kind: str, status: Json, spec: Json | None = None) -> Json:
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": "x", "generation": 2},
        "spec": spec if spec is not None else {"replicas": 2},
        "status": {"observedGeneration": 2, **status},
    }


def _deployment(**status: int) -> Verdict:
    return judge(_live("apps/v1", "Deployment", dict(status)))


def _stateful_set(status: Json, **strategy: object) -> Verdict:
    return judge(_live("apps/v1", "StatefulSet", status, {"replicas": 2, "updateStrategy": strategy}))


def test_a_deployment_is_ready_when_all_new_pods_are_available_and_no_old_one_is_left() -> None:
    """Anything less would let the next resource start too early."""
    assert _deployment(replicas=2, updatedReplicas=2, availableReplicas=2).ready
    assert not _deployment(replicas=2, updatedReplicas=1, availableReplicas=2).ready
    assert not _deployment(replicas=3, updatedReplicas=2, availableReplicas=3).ready
    assert _deployment(replicas=3, updatedReplicas=2, availableReplicas=3).text.endswith("1 old ones still there")
    assert not _deployment(replicas=2, updatedReplicas=2, availableReplicas=1).ready


def test_a_status_of_an_older_version_says_nothing() -> None:
    """Right after an update the status still praises the version before."""
    old = _live("apps/v1", "Deployment", {"replicas": 2, "updatedReplicas": 2, "availableReplicas": 2})
    old["status"]["observedGeneration"] = 1
    assert not judge(old).ready


def test_a_deployment_without_replicas_is_ready() -> None:
    """Scaled to zero is a state that somebody wants."""
    assert judge(_live("apps/v1", "Deployment", {}, {"replicas": 0})).ready


def test_a_deployment_past_its_deadline_has_failed() -> None:
    """Waiting on would only make the wait longer."""
    late = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "late"}
    verdict = judge(_live("apps/v1", "Deployment", {"conditions": [late]}))
    assert (verdict.failed, verdict.text) == (True, "late")


def test_a_stateful_set_is_ready_when_all_pods_are_ready_and_new() -> None:
    """Old Pods that are ready are not the version that was asked for."""
    assert _stateful_set({"readyReplicas": 2, "updatedReplicas": 2}).ready
    assert not _stateful_set({"readyReplicas": 2, "updatedReplicas": 1}).ready
    assert not _stateful_set({"readyReplicas": 1, "updatedReplicas": 2}).ready


def test_a_stateful_set_waits_only_for_what_its_strategy_updates() -> None:
    """A partition, or updates on deletion, leave old Pods on purpose."""
    status = {"readyReplicas": 2, "updatedReplicas": 1}
    assert _stateful_set(status, type="RollingUpdate", rollingUpdate={"partition": 1}).ready
    assert _stateful_set({"readyReplicas": 2}, type="OnDelete").ready


def test_a_daemon_set_is_ready_when_every_node_has_a_new_available_pod() -> None:
    """One on each node, and none of them old."""
    good = {"desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2}
    assert judge(_live("apps/v1", "DaemonSet", good)).ready
    assert not judge(_live("apps/v1", "DaemonSet", good | {"updatedNumberScheduled": 1})).ready
    assert not judge(_live("apps/v1", "DaemonSet", good | {"numberAvailable": 1})).ready


def test_a_job_is_ready_when_complete_and_failed_when_it_says_so() -> None:
    """A failed Job does not become a complete one."""
    failed = {"type": "Failed", "status": "True", "message": "backoff limit"}
    assert judge(_live("batch/v1", "Job", {"conditions": [{"type": "Complete", "status": "True"}]}, {})).ready
    assert judge(_live("batch/v1", "Job", {"conditions": [failed]}, {})).failed
    running = judge(_live("batch/v1", "Job", {"succeeded": 1}, {"completions": 3}))
    assert running == Verdict(ready=False, text="1 of 3 Pods succeeded")
    assert judge(_live("batch/v1", "Job", {}, {"suspend": True})).ready


@pytest.mark.parametrize(
    ("status", "ready", "failed"),
    [
        ({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}, True, False),
        ({"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}]}, False, False),
        ({"phase": "Succeeded"}, True, False),
        ({"phase": "Failed"}, False, True),
    ],
)
def test_a_pod_is_ready_by_its_condition_or_its_success(status: Json, *, ready: bool, failed: bool) -> None:
    """A running Pod that is not ready serves nobody."""
    verdict = judge(_live("v1", "Pod", status))
    assert (verdict.ready, verdict.failed) == (ready, failed)


@pytest.mark.parametrize(
    ("phase", "ready", "failed"), [("Bound", True, False), ("Pending", False, False), ("Lost", False, True)]
)
def test_a_claim_is_ready_when_bound(phase: str, *, ready: bool, failed: bool) -> None:
    """And one whose volume is lost never again."""
    verdict = judge(_live("v1", "PersistentVolumeClaim", {"phase": phase}))
    assert (verdict.ready, verdict.failed) == (ready, failed)


def test_a_definition_is_ready_when_established() -> None:
    """Before that the server refuses objects of its kind."""
    kind = ("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    assert judge(_live(*kind, {"conditions": [{"type": "Established", "status": "True"}]})).ready
    taken = {"type": "NamesAccepted", "status": "False", "message": "taken"}
    assert judge(_live(*kind, {"conditions": [taken]})) == Verdict(ready=False, text="taken", failed=True)


def test_a_kind_that_needs_no_waiting_is_ready() -> None:
    """A ConfigMap is what it is."""
    assert judge({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}}).ready


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("v1", "ServiceAccount"),
        ("v1", "ConfigMap"),
        ("v1", "Secret"),
        ("policy/v1", "PodDisruptionBudget"),
        ("autoscaling/v2", "HorizontalPodAutoscaler"),
        ("monitoring.coreos.com/v1", "ServiceMonitor"),
    ],
)
def test_what_the_real_plugin_does_not_wait_for_is_ready_at_once(api_version: str, kind: str) -> None:
    """An autoscaler without metrics yet is no failure, nor is a budget of Pods that are still to come."""
    assert judge({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}}).ready
