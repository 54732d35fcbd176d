"""Inject faults into Pods of the lab's own node: keep one from running, kill one or all without warning."""

import os
import select
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kubernetes import client
from urllib3.exceptions import HTTPError

from lab.node import Record
from lab.node.layout import NODE_NAME
from lab.node.process import pod_processes
from tests.cluster.packet_rules import forwarded, packet_rules
from tests.support.live import LiveStack
from tests.support.waiting import eventually

# Tempo and the gateways have up to a minute to stop; a start includes the replay of the data on disk.
_GONE_SECONDS = 90.0
_READY_SECONDS = 120.0
_NODE_GONE_SECONDS = 20.0


@contextmanager
def held_down(stack: LiveStack, component: str) -> Iterator[None]:
    """Delete the Pod of a StatefulSet, start no new one inside the block, and wait for it afterwards.

    The node accepts no new Pod meanwhile, so the stack's own objects stay unchanged.
    """
    _set_schedulable(stack, schedulable=False)
    try:
        delete_pod(stack, component)
        yield
    finally:
        _set_schedulable(stack, schedulable=True)
    wait_until_ready(stack, component)


@contextmanager
def cut_off(stack: LiveStack, component: str) -> Iterator[None]:
    """Drop all traffic of a component's present Pod, as a dead node does."""
    (pod,) = stack.pods(component)
    with packet_rules(*(forwarded(end, pod.status.pod_ip, "-j", "DROP") for end in ("-s", "-d"))):
        yield


@contextmanager
def with_arguments(stack: LiveStack, component: str, arguments: Sequence[str]) -> Iterator[None]:
    """Run the Pod of a StatefulSet with further arguments inside the block; it is replaced before and after."""
    before = _arguments(stack, component)
    try:
        _run_with(stack, component, [*before, *arguments])
        yield
    finally:
        _run_with(stack, component, before)


def delete_pod(stack: LiveStack, component: str, grace_seconds: int | None = None) -> None:
    """Delete the Pod of a component and wait until that Pod is gone."""
    (pod,) = stack.pods(component)
    options = client.V1DeleteOptions(grace_period_seconds=grace_seconds)
    stack.core.delete_namespaced_pod(pod.metadata.name, stack.namespace, body=options)
    eventually(lambda: pod.metadata.uid not in _ids(stack, component), f"{component} is gone", _GONE_SECONDS)


def kill(stack: LiveStack, component: str) -> None:
    """Kill the program in a component's Pod as the kernel would, and wait until its container runs again."""
    with restarting(stack, component):
        (pod,) = stack.pods(component)
        os.kill(program_of(pod.metadata.uid), signal.SIGKILL)


@contextmanager
def restarting(stack: LiveStack, component: str) -> Iterator[None]:
    """End a component's program inside the block, and wait after it until its container runs again."""
    before = _restarts(stack, component)
    yield
    eventually(lambda: _restarts(stack, component) > before, f"{component} was started again", _READY_SECONDS)
    wait_until_ready(stack, component)


def kill_node(record: Record) -> None:
    """Kill only the node's supervisor, and wait until it has exited with its whole namespace."""
    handle = os.pidfd_open(record.pid)
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        assert select.select([handle], [], [], _NODE_GONE_SECONDS)[0]
    finally:
        os.close(handle)


def all_ready(core: client.CoreV1Api) -> bool:
    """Return whether every Pod of the cluster that should be ready is; not while the API server still begins."""
    try:
        pods: list[Any] = core.list_pod_for_all_namespaces().items
    except (client.ApiException, HTTPError):
        return False
    return all(
        condition.status == "True"
        for pod in pods
        if pod.status.phase != "Succeeded"
        for condition in pod.status.conditions or []
        if condition.type == "Ready"
    )


def wait_until_ready(stack: LiveStack, component: str) -> None:
    """Wait until the one Pod of a component is ready."""
    eventually(lambda: _is_ready(stack, component), f"{component} is ready", _READY_SECONDS)


def _arguments(stack: LiveStack, component: str) -> list[str]:
    found: Any = stack.apps.read_namespaced_stateful_set(component, stack.namespace)
    return [*found.spec.template.spec.containers[0].args]


def _run_with(stack: LiveStack, component: str, arguments: list[str]) -> None:
    """Change a StatefulSet's arguments and wait for the Pod that has them."""
    change = [{"op": "replace", "path": "/spec/template/spec/containers/0/args", "value": arguments}]
    stack.apps.patch_namespaced_stateful_set(component, stack.namespace, change)

    def runs() -> bool:
        return _is_ready(stack, component) and stack.pods(component)[0].spec.containers[0].args == arguments

    eventually(runs, f"{component} runs with {arguments}", _GONE_SECONDS + _READY_SECONDS)


def _set_schedulable(stack: LiveStack, *, schedulable: bool) -> None:
    stack.core.patch_node(NODE_NAME, {"spec": {"unschedulable": not schedulable}})


def _ids(stack: LiveStack, component: str) -> set[str]:
    return {pod.metadata.uid for pod in stack.pods(component)}


def _is_ready(stack: LiveStack, component: str) -> bool:
    pods = stack.pods(component)
    return len(pods) == 1 and any(one.ready for one in _statuses(pods[0]))


def _restarts(stack: LiveStack, component: str) -> int:
    return sum(one.restart_count for pod in stack.pods(component) for one in _statuses(pod))


def _statuses(pod: Any) -> list[Any]:
    return pod.status.container_statuses or []


def program_of(pod_id: str) -> int:
    """Return the process id, on this machine, of the only program in a Pod."""
    (found,) = (
        pid for pid in pod_processes() if pod_id in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8")
    )
    return found
