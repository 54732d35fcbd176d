import threading

import pytest

from lab.providers.kubernetes.connection import ApiError
from lab.providers.kubernetes.waiting import NotReadyError, Waiter
from lab.providers.plugin import ProviderError
from lab.providers.values import Json
from tests.unit.lab.providers.kubernetes.fakes import FakeCluster

JOB: Json = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "setup", "namespace": "ns"}, "spec": {}}
SERVICE: Json = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "ns"},
    "spec": {"selector": {"app": "web"}},
}
CLAIM: Json = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data", "namespace": "ns"},
    "spec": {"storageClassName": "local"},
    "status": {"phase": "Pending"},
}


def _waiter(cluster: FakeCluster, seconds: float = 0.0, told: list[str] | None = None) -> Waiter:
    return Waiter(cluster, seconds, (told if told is not None else []).append, threading.Event())


def _job(condition: str) -> Json:
    return {**JOB, "status": {"conditions": [{"type": condition, "status": "True", "message": "no luck"}]}}


def test_waiting_goes_on_until_the_object_is_ready() -> None:
    """And tells how far it is."""
    cluster, told = FakeCluster(), list[str]()
    cluster.put(JOB)
    cluster.change = lambda: cluster.put(_job("Complete")) if told else None
    assert _waiter(cluster, 5, told).ready(JOB)["status"]["conditions"]
    assert told == ["0 of 1 Pods succeeded"]


def test_a_server_that_is_away_for_a_moment_is_waited_for() -> None:
    """The object exists: an error here would drop it from the state."""
    cluster, told = FakeCluster(), list[str]()
    cluster.put(_job("Complete"))

    def away_once() -> None:
        if not told:
            raise ApiError(0, "connection refused")

    cluster.change = away_once
    assert _waiter(cluster, 5, told).ready(JOB)["status"]
    assert told == ["connection refused"]


def test_a_server_that_stays_away_leaves_what_was_known() -> None:
    """The engine keeps that in its state, and the next update waits again."""
    cluster = FakeCluster()

    def away() -> None:
        raise ApiError(0, "connection refused")

    cluster.change = away
    with pytest.raises(NotReadyError, match="connection refused") as caught:
        _waiter(cluster).ready(JOB)
    assert caught.value.live == JOB


def test_a_failure_ends_the_wait_at_once_and_says_why() -> None:
    """With the words of the Pod that failed."""
    cluster = FakeCluster()
    cluster.put({**_job("Failed"), "spec": {"selector": {"matchLabels": {"job": "setup"}}}})
    ended = {"terminated": {"exitCode": 7, "reason": "Error", "message": "no bucket"}}
    pod = {"metadata": {"name": "setup-x"}, "status": {"containerStatuses": [{"name": "main", "state": ended}]}}
    cluster.lists["Pod"] = [pod]
    with pytest.raises(NotReadyError) as caught:
        _waiter(cluster, 600).ready(JOB)
    assert "Job ns/setup is not ready: no luck" in str(caught.value)
    assert "Pod setup-x, container main: ended with 7 (Error): no bucket" in str(caught.value)


def test_a_wait_ends_when_its_time_is_over() -> None:
    """With the time in the message, for it may have been too short."""
    cluster = FakeCluster()
    cluster.put(JOB)
    with pytest.raises(NotReadyError, match="after 0 s"):
        _waiter(cluster).ready(JOB)


def test_an_interrupt_ends_the_wait() -> None:
    """Ctrl-C must not take ten minutes."""
    cluster = FakeCluster()
    cluster.put(JOB)
    waiter = _waiter(cluster, 600)
    waiter.stop.set()
    with pytest.raises(NotReadyError, match="Interrupted") as caught:
        waiter.ready(JOB)
    assert caught.value.live == JOB


def test_an_object_that_disappears_is_not_waited_for() -> None:
    """It will not come back by itself."""
    with pytest.raises(NotReadyError, match="was deleted"):
        _waiter(FakeCluster(), 600).ready(JOB)


def test_an_object_is_taken_as_it_is_where_waiting_is_switched_off() -> None:
    """The annotation exists for objects that are never ready."""
    cluster = FakeCluster()
    cluster.put(JOB)
    assert _waiter(cluster).ready(JOB, judged=False) == JOB


@pytest.mark.parametrize(
    ("ready", "waits"), [([True, True], False), ([True, False], True), ([], False), ([None], False)]
)
def test_a_service_waits_for_unready_pods_behind_it(ready: list[bool | None], *, waits: bool) -> None:
    """None at all is fine: it may come before its workload. A missing condition means ready."""
    cluster = FakeCluster()
    cluster.put(SERVICE)
    cluster.lists["EndpointSlice"] = [{"endpoints": [{"conditions": {"ready": one}} for one in ready]}]
    assert bool(_waiter(cluster).unready(SERVICE)) is waits


def test_a_claim_that_binds_when_used_is_not_waited_for() -> None:
    """The Pod that would use it comes later."""
    cluster = FakeCluster()
    assert "Pending" in _waiter(cluster).unready(CLAIM)
    storage_class = {"kind": "StorageClass", "metadata": {"name": "local"}}
    cluster.put({**storage_class, "volumeBindingMode": "WaitForFirstConsumer"})
    assert _waiter(cluster).unready(CLAIM) == ""


def test_deletion_is_waited_for() -> None:
    """The next object of this name must not meet the old one."""
    cluster = FakeCluster()
    looks: list[int] = []
    cluster.put(JOB)

    def controllers() -> None:
        looks.append(1)
        if len(looks) == 2:
            cluster.objects.clear()

    cluster.change = controllers
    _waiter(cluster, 5).gone(JOB)
    assert len(looks) == 2


def test_an_object_that_does_not_go_names_what_holds_it() -> None:
    """A finalizer that nobody serves is the usual reason."""
    cluster = FakeCluster()
    cluster.put({**JOB, "metadata": {**JOB["metadata"], "finalizers": ["example.com/hold"]}})
    with pytest.raises(ProviderError, match=r"still there .* \['example.com/hold'\]"):
        _waiter(cluster).gone(JOB)
