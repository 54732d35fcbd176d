"""Further simulated nodes, and zones that take no Pods for a while."""

import secrets
from contextlib import ExitStack
from functools import partial
from typing import Any

from kubernetes import client

from tests.support.waiting import eventually

_ZONE = "topology.kubernetes.io/zone"


class Nodes:
    """The nodes of the simulated cluster; `restore` undoes every change."""

    def __init__(self, core: client.CoreV1Api) -> None:
        """Change nodes by this API."""
        self._core = core
        self._undo = ExitStack()

    def add(self, zone: str, count: int, labels: dict[str, str]) -> list[str]:
        """Add nodes like one of the zone's, with further labels; return their names once they are ready."""
        like = next(node for node in self._all() if node.metadata.labels[_ZONE] == zone)
        names = [f"added-{zone}-{secrets.token_hex(3)}" for _ in range(count)]
        for name in names:
            given = {**like.metadata.labels, "kubernetes.io/hostname": name, **labels}
            status = {"capacity": like.status.capacity, "allocatable": like.status.allocatable}
            metadata = {"name": name, "labels": given, "annotations": {"kwok.x-k8s.io/node": "fake"}}
            body: Any = {"metadata": metadata, "status": status}
            self._core.create_node(body)
            self._undo.callback(self._core.delete_node, name)
        for name in names:
            eventually(partial(self._is_open, name), f"the node {name} takes Pods")
        return names

    def close(self, *zones: str) -> None:
        """Let the nodes of these zones take no further Pods."""
        names = [node.metadata.name for node in self._all() if node.metadata.labels[_ZONE] in zones]
        for name in names:
            self._undo.callback(self._core.patch_node, name, {"spec": {"unschedulable": False}})
            self._core.patch_node(name, {"spec": {"unschedulable": True}})
        for name in names:
            eventually(partial(self._is_closed, name), f"the node {name} is tainted")

    def zones(self) -> dict[str, str]:
        """Return the zone of every node."""
        return {node.metadata.name: node.metadata.labels[_ZONE] for node in self._all()}

    def restore(self) -> None:
        """Open the closed nodes and delete the added ones, all of them even if one fails."""
        self._undo.close()

    def _all(self) -> list[Any]:
        return list(self._core.list_node().items)

    def _is_closed(self, name: str) -> bool:
        return not self._is_open(name)

    def _is_open(self, name: str) -> bool:
        node: Any = self._core.read_node(name)
        ready = any(one.type == "Ready" and one.status == "True" for one in node.status.conditions or [])
        return ready and not node.spec.taints


def scheduled_on(pod: Any) -> str:
    """Return the name of a Pod's node, '' while it waits for one."""
    return pod.spec.node_name or ""
