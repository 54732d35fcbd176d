"""Wait until every workload of a namespace runs what it was told last.

The official Kubernetes plugin waits too, but it may look at a StatefulSet before its controller has seen a change,
and then takes the Pods of before for those that it waits for.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from kubernetes import client

from lab.cluster.pods import not_ready
from lab.cluster.service import Cluster
from lab.errors import LabError

# Above the slowest roll-out seen, of a Tempo that took its grace period to end; the plugin waits ten minutes.
_SECONDS = 300.0
_POLL_SECONDS = 0.5


def wait_for_rollouts(cluster: Cluster, namespace: str, update: Callable[[str], None]) -> None:
    """Return when all are rolled out; LabError with what is not ready when that takes too long."""
    deadline = time.monotonic() + _SECONDS
    while waiting := list(_unfinished(cluster, namespace)):
        if time.monotonic() > deadline:
            lines = "\n".join(f"  {line}" for line in [*waiting, *not_ready(cluster, namespace)])
            raise LabError(
                f"After {_SECONDS:.0f} s these do not run what they were told last:\n{lines}",
                "Look at `make status` and `make logs`.",
            )
        update(f"waiting for {waiting[0]}")
        time.sleep(_POLL_SECONDS)


def _unfinished(cluster: Cluster, namespace: str) -> Iterator[str]:
    """Yield each workload that is not rolled out, by the rules of `kubectl rollout status`."""
    apps = client.AppsV1Api(cluster.api)
    rules: dict[str, tuple[Callable[..., Any], Callable[[Any, Any], bool]]] = {
        "StatefulSet": (apps.list_namespaced_stateful_set, _stateful_set_is_done),
        "Deployment": (apps.list_namespaced_deployment, _deployment_is_done),
        "DaemonSet": (apps.list_namespaced_daemon_set, _daemon_set_is_done),
    }
    for kind, (listed, is_done) in rules.items():
        for found in cluster.ask(listed, namespace).items:
            seen = (found.status.observed_generation or 0) >= found.metadata.generation
            if not seen or not is_done(found.spec, found.status):
                yield f"{kind} {found.metadata.name}"


def _stateful_set_is_done(spec: Any, status: Any) -> bool:  # noqa: ANN401 - models of the untyped client
    counts = (status.ready_replicas or 0, status.current_revision)
    return counts == (spec.replicas, status.update_revision)


def _deployment_is_done(spec: Any, status: Any) -> bool:  # noqa: ANN401 - as above
    counts = (status.updated_replicas, status.replicas, status.available_replicas)
    return all((count or 0) == spec.replicas for count in counts)


def _daemon_set_is_done(spec: Any, status: Any) -> bool:  # noqa: ANN401 - as above
    del spec
    wanted = status.desired_number_scheduled
    counts = (status.updated_number_scheduled or 0, status.number_available or 0)
    return counts == (wanted, wanted)
