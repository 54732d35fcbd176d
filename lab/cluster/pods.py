"""The state of Pods in a word or a sentence, and the logs of their containers."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from lab.cluster.service import Cluster, ClusterError
from lab.errors import LabError
from lab.plain import plain


@dataclass(frozen=True)
class PodView:
    """A Pod as a line of a table; `ready` as in 1/2, `image` of its first container."""

    name: str
    ready: str
    is_ready: bool
    restarts: int
    state: str
    image: str


def pods_in(cluster: Cluster, namespace: str) -> list[Any]:
    """Return a namespace's Pods by name; LabError without an answer, or when the namespace does not exist."""
    items: list[Any] = cluster.ask(cluster.core.list_namespaced_pod, namespace).items
    try:
        if not items:
            cluster.ask(cluster.core.read_namespace, namespace)
    except ClusterError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            what = f"The cluster has no namespace {namespace}: nothing is deployed there."
            raise LabError(what, "Deploy: make up") from error
        # A user who may list Pods may lack the permission to read namespaces.
        if error.status != HTTPStatus.FORBIDDEN:
            raise
    return sorted(items, key=lambda pod: str(pod.metadata.name))


def view_of(pod: Any) -> PodView:  # noqa: ANN401 - a model of the client, which publishes no types
    """Return a Pod as a line; one that never started has no container statuses."""
    states, containers = pod.status.container_statuses or [], pod.spec.containers
    ready = sum(bool(one.ready) for one in states)
    return PodView(
        name=str(pod.metadata.name),
        ready=f"{ready}/{len(containers)}",
        is_ready=ready == len(containers),
        restarts=sum(int(one.restart_count) for one in states),
        state=plain(_state(pod)),
        image=str(containers[0].image),
    )


def _state(pod: Any) -> str:  # noqa: ANN401 - as `view_of`
    """Return what keeps a Pod from running, which its phase does not show; its phase when nothing does."""
    if pod.metadata.deletion_timestamp:
        return "Terminating"
    for status in pod.status.init_container_statuses or []:
        if problem := _problem(status):
            return f"init container {status.name}: {problem}"
    for status in pod.status.container_statuses or []:
        if problem := _problem(status):
            return problem
    phase = str(pod.status.reason or pod.status.phase)
    for condition in pod.status.conditions or []:
        if condition.type == "PodScheduled" and condition.status == "False":
            return f"{phase}: {condition.message}"
    return phase


def _problem(status: Any) -> str:  # noqa: ANN401 - as `view_of`
    """Return why a container waits or how it failed; '' when it runs, starts or has succeeded."""
    state = status.state
    if state and state.waiting and state.waiting.reason not in {None, "PodInitializing", "ContainerCreating"}:
        return str(state.waiting.reason)
    if state and state.terminated and state.terminated.exit_code:
        return f"{state.terminated.reason or 'Error'}, exit code {state.terminated.exit_code}"
    return ""


def logs_of(cluster: Cluster, pod: Any, lines: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as `view_of`
    """Yield title and text of all containers' logs in their start order, of each the log before a restart first.

    The text is the last lines, or why there are none; the title names a container if the Pod has several.
    """
    statuses = [*(pod.status.init_container_statuses or []), *(pod.status.container_statuses or [])]
    restarted = {status.name for status in statuses if status.restart_count}
    inits, mains = pod.spec.init_containers or [], pod.spec.containers
    titles = {one.name: f"{pod.metadata.name}, init container {one.name}" for one in inits}
    several = len(mains) > 1
    titles |= {one.name: f"{pod.metadata.name}{f', container {one.name}' if several else ''}" for one in mains}
    for name, title in titles.items():
        if name in restarted:
            yield f"{title}, before its last restart", _log(cluster, pod, name, lines, previous=True)
        yield title, _log(cluster, pod, name, lines, previous=False)


def _log(cluster: Cluster, pod: Any, container: str, lines: int, *, previous: bool) -> str:  # noqa: ANN401 - as `view_of`
    """Return the last lines, or why there are none: a waiting container has no log."""
    try:
        answer: Any = cluster.ask(
            cluster.core.read_namespaced_pod_log,
            pod.metadata.name,
            pod.metadata.namespace,
            container=container,
            tail_lines=lines,
            previous=previous,
            # The client would decode the bytes as text, which a program's output need not be.
            _preload_content=False,
        )
    except ClusterError as error:
        if not error.status:
            raise
        return plain(f"No log: {error.said}")
    return plain(bytes(answer.data).decode(errors="replace"), keep="\n\t").rstrip("\n")
