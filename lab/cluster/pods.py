"""Pods as people see them: how each is, and what its containers say."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from kubernetes import client

from lab.cluster.service import Cluster, ClusterError
from lab.errors import LabError
from lab.plain import plain


@dataclass(frozen=True)
class PodView:
    """A Pod's line in a table; `ready` is as in 1/2."""

    name: str
    ready: str
    restarts: int
    state: str
    image: str

    @property
    def is_ready(self) -> bool:
        """Whether all of its containers are."""
        ready, _, all_of_them = self.ready.partition("/")
        return ready == all_of_them


@dataclass(frozen=True)
class Log:
    """The last lines of one container, or why there are none; `previous`: before its last restart."""

    container: str
    init: bool
    previous: bool
    text: str


def pods_in(cluster: Cluster, namespace: str) -> list[Any]:
    """Return a namespace's Pods by name; LabError when the cluster is away, or has no such namespace."""
    items: list[Any] = cluster.ask(cluster.core.list_namespaced_pod, namespace).items
    if not items:
        _check_namespace(cluster, namespace)
    return sorted(items, key=lambda pod: str(pod.metadata.name))


def _check_namespace(cluster: Cluster, namespace: str) -> None:
    try:
        cluster.ask(cluster.core.read_namespace, namespace)
    except ClusterError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            what = f"The cluster has no namespace {namespace}: nothing is deployed there."
            raise LabError(what, "Deploy: make up") from error
        # Whoever may list Pods need not be allowed to look at namespaces.
        if error.status != HTTPStatus.FORBIDDEN:
            raise


def not_ready(cluster: Cluster, namespace: str) -> list[str]:
    """Return a line for each Pod that should be ready and is not, and each workload that is scaled to nothing.

    Nothing when the cluster does not say.
    """
    apps = client.AppsV1Api(cluster.api)
    with contextlib.suppress(LabError):
        pods = [view_of(pod) for pod in pods_in(cluster, namespace) if pod.status.phase != "Succeeded"]
        waiting = [f"{pod.name} ({pod.ready} ready): {pod.state}" for pod in pods if not pod.is_ready]
        workloads: dict[str, list[Any]] = {
            "Deployment": cluster.ask(apps.list_namespaced_deployment, namespace).items,
            "StatefulSet": cluster.ask(apps.list_namespaced_stateful_set, namespace).items,
        }
        for kind, items in workloads.items():
            waiting += [f"{kind} {one.metadata.name}: scaled to 0" for one in items if one.spec.replicas == 0]
        return waiting
    return []


def view_of(pod: Any) -> PodView:  # noqa: ANN401 - a model of the client, which publishes no types
    """Return a Pod as a line; one that was never started has no containers to count."""
    states = pod.status.container_statuses or []
    return PodView(
        name=str(pod.metadata.name),
        ready=f"{sum(bool(one.ready) for one in states)}/{len(pod.spec.containers)}",
        restarts=sum(int(one.restart_count) for one in states),
        state=plain(_state(pod)),
        image=str(pod.spec.containers[0].image),
    )


def _state(pod: Any) -> str:  # noqa: ANN401 - as `view_of`
    """Return in a word or a sentence how a Pod is: what holds it up says more than its phase."""
    if pod.metadata.deletion_timestamp:
        return "Terminating"
    for status in pod.status.init_container_statuses or []:
        if held := _held_up(status):
            return f"init container {status.name}: {held}"
    for status in pod.status.container_statuses or []:
        if held := _held_up(status):
            return held
    phase = str(pod.status.reason or pod.status.phase)
    for condition in pod.status.conditions or []:
        if condition.type == "PodScheduled" and condition.status == "False":
            return f"{phase}: {condition.message}"
    return phase


def _held_up(status: Any) -> str:  # noqa: ANN401 - as `view_of`
    """Return why a container does not run and has not ended well; '' when there is nothing to say."""
    state = status.state
    if state and state.waiting and state.waiting.reason not in {None, "PodInitializing", "ContainerCreating"}:
        return str(state.waiting.reason)
    if state and state.terminated and state.terminated.exit_code:
        return f"{state.terminated.reason or 'Error'}, exit code {state.terminated.exit_code}"
    return ""


def logs_of(cluster: Cluster, pod: Any, lines: int) -> Iterator[Log]:  # noqa: ANN401 - as `view_of`
    """Yield the logs of all containers in the order of their start, before a crash first."""
    restarts = {
        status.name: int(status.restart_count)
        for status in [*(pod.status.init_container_statuses or []), *(pod.status.container_statuses or [])]
    }
    inits = [str(container.name) for container in pod.spec.init_containers or []]
    for name in [*inits, *(str(container.name) for container in pod.spec.containers)]:
        for previous in (True, False) if restarts.get(name) else (False,):
            yield Log(name, name in inits, previous, _log(cluster, pod, name, lines, previous=previous))


def _log(cluster: Cluster, pod: Any, container: str, lines: int, *, previous: bool) -> str:  # noqa: ANN401 - as `view_of`
    """Return the last lines, or why there are none: a container that waits has no log."""
    try:
        answer: Any = cluster.ask(
            cluster.core.read_namespaced_pod_log,
            pod.metadata.name,
            pod.metadata.namespace,
            container=container,
            tail_lines=lines,
            previous=previous,
            # The client would take the bytes for text, which programs' output need not be.
            _preload_content=False,
        )
    except ClusterError as error:
        if not error.status:
            raise
        return plain(f"No log: {error.said}")
    return plain(bytes(answer.data).decode(errors="replace"), keep="\n\t").rstrip("\n")
