"""The real scheduler places Pods of the rendered stack as `tempo.require_zones` says, whatever zones are open."""

import copy
import secrets
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from kubernetes import client

from lab.target.target import Target
from snapshot.program import record_program
from tests.simulated.nodes import Nodes, scheduled_on
from tests.support.lab_fixtures import absent
from tests.support.stacks import as_config, sections
from tests.support.waiting import eventually

pytestmark = pytest.mark.simulated

_TEMPO_3 = {
    "tempo.version": "3.0.3",
    "images.tempo.tag": "3.0.3",
    "tempo.kafka": {"address": "kafka:9092"},
    "tempo.ingesters": 2,
}


class Placement:
    """Pods that are copies of a workload's, in a namespace of their own, and the zones that they get."""

    def __init__(self, core: client.CoreV1Api, nodes: Nodes, namespace: str) -> None:
        """Place Pods by this API."""
        self._core, self._nodes, self._namespace = core, nodes, namespace
        self._count = 0

    def place(self, template: dict[str, Any], count: int) -> list[str]:
        """Create this number of Pods and return their names once the scheduler has looked at each."""
        names = []
        for _ in range(count):
            self._count += 1
            names.append(f"copy-{self._count}")
            metadata = {"name": names[-1], "labels": template["metadata"]["labels"]}
            body: Any = {"metadata": metadata, "spec": _without_the_stack(template["spec"])}
            self._core.create_namespaced_pod(self._namespace, body)
            eventually(partial(self._is_looked_at, names[-1]), f"the scheduler has looked at {names[-1]}")
        return names

    def delete(self, name: str) -> None:
        """Delete a Pod and wait until it is gone."""
        self._core.delete_namespaced_pod(name, self._namespace, grace_period_seconds=0)
        eventually(lambda: name not in [pod.metadata.name for pod in self._pods()], f"{name} is gone")

    def zones(self, names: list[str]) -> dict[str, int]:
        """Return how many of these Pods each zone has; '' is none, for those that wait."""
        zones = self._nodes.zones() | {"": ""}
        return Counter(zones[scheduled_on(pod)] for pod in self._pods() if pod.metadata.name in names)

    def _is_looked_at(self, name: str) -> bool:
        status = self._core.read_namespaced_pod(name, self._namespace).status
        return any(one.type == "PodScheduled" for one in (status and status.conditions) or [])

    def _pods(self) -> list[Any]:
        return list(self._core.list_namespaced_pod(self._namespace).items)


@pytest.fixture
def nodes(lab: Target) -> Iterator[Nodes]:
    """Three nodes in each zone, all of them open; the two that are added are deleted at the end."""
    if not lab.simulated:
        absent("The running lab is the dojo's: `make up STACK=prod TARGET=simulated` starts the simulated one.")
    found = Nodes(lab.cluster().core)
    try:
        for zone in "abc":
            # Agents run on no Fargate node, so a deployed stack does not notice these.
            found.add(zone, 2, {"eks.amazonaws.com/compute-type": "fargate"})
        yield found
    finally:
        found.restore()


@pytest.fixture
def placement(lab: Target, nodes: Nodes) -> Iterator[Placement]:
    """Copies of Pods in a new namespace."""
    core = lab.cluster().core
    name = f"zones-{secrets.token_hex(4)}"
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=name)))
    eventually(lambda: core.list_namespaced_service_account(name).items, "the namespace has its account")
    yield Placement(core, nodes, name)
    core.delete_namespace(name)


@pytest.mark.parametrize(
    ("settings", "zones"),
    [({"tempo.require_zones": True}, {"a": 1, "": 2}), ({}, {"a": 3})],
    ids=["required", "not"],
)
def test_ingesters_that_require_zones_do_not_pile_up_in_the_only_open_one(
    placement: Placement, nodes: Nodes, settings: dict[str, Any], zones: dict[str, int]
) -> None:
    """A volume pins an ingester to its zone, so a second one there would stay for good."""
    nodes.close("b", "c")
    template = _template("tempo-ingester-server", settings)
    assert placement.zones(placement.place(template, 3)) == zones


def test_each_of_three_ingesters_gets_a_zone_of_its_own(placement: Placement) -> None:
    template = _template("tempo-ingester-server", {"tempo.require_zones": True})
    assert placement.zones(placement.place(template, 3)) == {"a": 1, "b": 1, "c": 1}


def test_one_of_six_ingesters_returns_while_a_zone_is_down(placement: Placement, nodes: Nodes) -> None:
    """An outage of one zone must not keep Pods from starting in the two that are left."""
    template = _template("tempo-ingester-server", {"tempo.require_zones": True, "tempo.ingesters": 6})
    names = placement.place(template, 6)
    assert placement.zones(names) == {"a": 2, "b": 2, "c": 2}
    nodes.close("c")
    (moved,) = [name for name in names if placement.zones([name]) == {"a": 1}][:1]
    placement.delete(moved)
    assert placement.zones(placement.place(template, 1)) == {"a": 1}


def test_the_two_zones_of_live_stores_never_share_one_of_the_cluster(placement: Placement) -> None:
    """Each must stay together as well: live stores of one zone in three zones would leave none to the other."""
    settings = _TEMPO_3 | {"tempo.require_zones": True}
    first = placement.place(_template("tempo-live-store-zone-a-server", settings), 2)
    second = placement.place(_template("tempo-live-store-zone-b-server", settings), 2)
    (one, of_first), (other, of_second) = (*placement.zones(first).items(), *placement.zones(second).items())
    assert (of_first, of_second) == (2, 2)
    assert "" not in {one, other}
    assert one != other


def _template(workload: str, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the Pod template of a workload of prod with dotted settings changed."""
    recorder = record_program(as_config(sections("prod", changes)), "prod")
    return dict(recorder.one(workload).inputs["spec"]["template"])


def _without_the_stack(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a Pod spec without what only the stack's namespace has: its account, files and claims."""
    alone = copy.deepcopy(spec)
    del alone["serviceAccountName"]
    mounts = {mount["name"] for container in alone["containers"] for mount in container["volumeMounts"]}
    alone["volumes"] = [{"name": name, "emptyDir": {}} for name in sorted(mounts)]
    return alone
