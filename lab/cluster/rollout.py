"""Wait until every workload of a namespace runs its latest specification, and list what is not ready.

The official Kubernetes plugin waits too, but it may read a StatefulSet before its controller has seen a change,
and then takes the previous Pods for the new ones.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from kubernetes import client

from lab.cluster.pods import pods_in, view_of
from lab.cluster.service import Cluster
from lab.errors import LabError, lines_of

# Above the slowest roll-out seen, of a Tempo that used its whole grace period. The plugin has waited before, for
# `cluster.rollout_timeout_minutes`.
_SECONDS = 300.0
_POLL_SECONDS = 0.5


def wait_for_rollouts(cluster: Cluster, namespace: str, update: Callable[[str], None]) -> None:
    """Return when all workloads are rolled out; LabError with what is not ready when that takes too long."""
    deadline = time.monotonic() + _SECONDS
    while waiting := [name for name, found in _workloads(cluster, namespace) if not _is_rolled_out(found)]:
        if time.monotonic() > deadline:
            unfinished = lines_of([*waiting, *not_ready(cluster, namespace)])
            raise LabError(
                f"After {_SECONDS:.0f} s these do not run their latest specification:\n{unfinished}",
                "Look at `make status` and `make logs`.",
            )
        update(f"waiting for {waiting[0]}")
        time.sleep(_POLL_SECONDS)


def not_ready(cluster: Cluster, namespace: str) -> list[str]:
    """Return a line for each Pod that should be ready and is not, and for each workload that is scaled to 0.

    An empty list when the cluster does not answer.
    """
    with contextlib.suppress(LabError):
        pods = [view_of(pod) for pod in pods_in(cluster, namespace) if pod.status.phase != "Succeeded"]
        waiting = [f"{pod.name} ({pod.ready} ready): {pod.state}" for pod in pods if not pod.is_ready]
        idle = [
            name for name, found in _workloads(cluster, namespace) if getattr(found.spec, "replicas", None) == 0
        ]
        return [*waiting, *(f"{name}: scaled to 0" for name in idle)]
    return []


def _workloads(cluster: Cluster, namespace: str) -> Iterator[tuple[str, Any]]:
    """Yield each workload with its kind and name, as in `StatefulSet tempo`."""
    apps = client.AppsV1Api(cluster.api)
    lists: dict[str, Callable[..., Any]] = {
        "StatefulSet": apps.list_namespaced_stateful_set,
        "Deployment": apps.list_namespaced_deployment,
        "DaemonSet": apps.list_namespaced_daemon_set,
    }
    for kind, listed in lists.items():
        for found in cluster.ask(listed, namespace).items:
            yield f"{kind} {found.metadata.name}", found


def _is_rolled_out(workload: Any) -> bool:  # noqa: ANN401 - a model of the untyped client
    """Apply the rules of `kubectl rollout status`."""
    # A DaemonSet has a replica on each node instead.
    status, replicas = workload.status, getattr(workload.spec, "replicas", None)
    if (status.observed_generation or 0) < workload.metadata.generation:
        return False
    if isinstance(workload, client.V1StatefulSet):
        ready = status.ready_replicas or 0
        return (ready, status.current_revision) == (replicas, status.update_revision)
    if isinstance(workload, client.V1Deployment):
        counts = [status.updated_replicas, status.replicas, status.available_replicas]
    else:
        replicas = status.desired_number_scheduled
        counts = [status.updated_number_scheduled, status.number_available]
    return all((count or 0) == replicas for count in counts)
