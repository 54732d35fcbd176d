"""What the settings of the cluster and of its registries change in the Pods and objects of every stack."""

from typing import Any

import pytest

from snapshot.program import record_program
from snapshot.recorder import Recorder, Registration
from tests.support.programs import SERVERS, pod, recorded, workloads
from tests.support.stacks import STACKS, as_config, sections

every_stack = pytest.mark.parametrize("stack", STACKS)
# Kinds that the Kubernetes plugin waits for.
AWAITED = (*SERVERS, "Job", "Service")
DIGEST = "sha256:" + "a" * 64
# Log files of a container with the kubelet's default rotation: five of 10 MiB.
LOGS_MIB = 50


def with_changes(stack: str, changes: dict[str, Any]) -> Recorder:
    """Return the record of a stack with dotted settings changed; a section `cluster` is added."""
    given = sections(stack)
    given["cluster"] = {}
    for path, value in changes.items():
        section, _, name = path.partition(".")
        given[section][name] = value
    return record_program(as_config(given), stack)


def claims(recorder: Recorder) -> list[dict[str, Any]]:
    """Return the spec of every claim template; fail if there is none."""
    found = [
        claim["spec"]
        for one in recorder.of_type("StatefulSet")
        for claim in one.inputs["spec"].get("volumeClaimTemplates", [])
    ]
    assert len(found) > 1
    return found


def mib(quantity: str) -> int:
    """Return a quantity that is written in MiB."""
    assert quantity.endswith("Mi")
    return int(quantity.removesuffix("Mi"))


def scratch_mib(workload: Registration) -> int:
    """Return the size of all scratch volumes of a workload's Pod together."""
    volumes = pod(workload).get("volumes", [])
    return sum(mib(volume["emptyDir"]["sizeLimit"]) for volume in volumes if "emptyDir" in volume)


@every_stack
def test_every_claim_names_the_storage_class_of_the_settings(stack: str) -> None:
    """Where no class is the default, a claim without one is never bound."""
    found = claims(with_changes(stack, {"cluster.storage_class": "gp3"}))
    assert {claim["storageClassName"] for claim in found} == {"gp3"}


@every_stack
def test_without_the_setting_no_claim_names_a_class(stack: str) -> None:
    """A claim template cannot change: a class, even an empty one, would replace each existing StatefulSet."""
    assert not any("storageClassName" in claim for claim in claims(recorded(stack)))


@pytest.mark.parametrize(("changes", "seconds"), [({}, 900), ({"cluster.rollout_timeout_minutes": 40}, 2400)])
@every_stack
def test_everything_that_waits_for_pods_has_the_time_limit_of_the_settings(
    stack: str, changes: dict[str, Any], seconds: int
) -> None:
    """A Service waits for the same Pods: with the plugin's ten minutes it would fail before its workload."""
    recorder = with_changes(stack, changes)
    limits = {"create": f"{seconds}s", "update": f"{seconds}s"}
    awaited = [one.name for kind in AWAITED for one in recorder.of_type(kind)]
    limited = {one.name: one.timeouts for one in recorder.registrations if one.timeouts}
    assert limited == dict.fromkeys(awaited, limits)
    for one in recorder.of_type("Deployment"):
        assert one.inputs["spec"]["progressDeadlineSeconds"] == seconds


@every_stack
def test_a_mirror_replaces_the_registry_of_every_image_and_nothing_else(stack: str) -> None:
    """A cluster without the internet pulls from the mirror only; a digest pins what it must serve."""
    given = sections(stack)["images"]
    collector = given["collector"] | {"digest": DIGEST}
    recorder = with_changes(stack, {"images.mirror": "mirror.internal:5000/hub", "images.collector": collector})
    expected = set()
    for image in (given | {"collector": collector}).values():
        _, _, name = image["repository"].partition("/")
        pinned = f"@{image['digest']}" if "digest" in image else ""
        expected.add(f"mirror.internal:5000/hub/{name}:{image['tag']}{pinned}")
    used = {container["image"] for one in workloads(recorder) for container in pod(one)["containers"]}
    assert used == expected


@every_stack
def test_every_pod_has_the_pull_secrets_of_the_settings(stack: str) -> None:
    """A Pod without them cannot pull, and waits for ever."""
    recorder = with_changes(stack, {"images.pull_secrets": ["hub", "ghcr.io"]})
    for one in workloads(recorder):
        assert pod(one)["imagePullSecrets"] == [{"name": "hub"}, {"name": "ghcr.io"}], one.name
    assert not any("imagePullSecrets" in pod(one) for one in workloads(recorded(stack)))


@every_stack
def test_every_pod_runs_on_linux_only(stack: str) -> None:
    """The images are Linux images, and agents tolerate the taints that Windows nodes usually have."""
    for one in workloads(recorded(stack)):
        assert pod(one)["nodeSelector"] == {"kubernetes.io/os": "linux"}, one.name


@every_stack
def test_no_agent_waits_on_a_fargate_node(stack: str) -> None:
    """Each Fargate node is made for one Pod; an agent tolerates its taint and would stay Pending on it."""
    affinity = pod(recorded(stack).one("agent-daemon"))["affinity"]["nodeAffinity"]
    (term,) = affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term == {
        "matchExpressions": [{"key": "eks.amazonaws.com/compute-type", "operator": "NotIn", "values": ["fargate"]}]
    }


@every_stack
def test_an_update_of_the_agents_takes_as_long_on_many_nodes_as_on_ten(stack: str) -> None:
    """Node by node it would take longer on a large cluster than a deployment waits."""
    strategy = recorded(stack).one("agent-daemon").inputs["spec"]["updateStrategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}}


@every_stack
def test_agents_find_room_on_a_full_node(stack: str) -> None:
    """Its applications have no other agent, and an agent's Pod fits on no other node."""
    recorder = recorded(stack)
    (priority,) = recorder.of_type("PriorityClass")
    assert priority.inputs["preemptionPolicy"] == "PreemptLowerPriority"
    # Above Pods without a class, below what is reserved for the system; never the default of other Pods.
    assert 0 < priority.inputs["value"] < 1_000_000_000
    assert not priority.inputs.get("globalDefault")
    name = priority.inputs["metadata"]["name"]
    assert name == "otel-agent-fawkes-observability"
    assert {one.name for one in workloads(recorder) if pod(one).get("priorityClassName") == name} == {
        "agent-daemon"
    }


def test_agents_take_the_priority_class_of_the_settings() -> None:
    """A platform with classes of its own decides what may preempt what."""
    agent = sections("prod")["collectors"]["agent"] | {"priority_class": "platform-agents"}
    recorder = with_changes("prod", {"collectors.agent": agent})
    assert pod(recorder.one("agent-daemon"))["priorityClassName"] == "platform-agents"
    assert recorder.of_type("PriorityClass") == []


@every_stack
def test_every_container_asks_for_its_log_files_and_is_not_evicted_for_what_its_volumes_may_hold(
    stack: str,
) -> None:
    """The kubelet evicts a Pod over its limit, and counts volumes and log files of all sizes together."""
    for one in workloads(recorded(stack)):
        (container,) = pod(one)["containers"]
        resources = container["resources"]
        request, limit = (mib(resources[kind]["ephemeral-storage"]) for kind in ("requests", "limits"))
        assert LOGS_MIB <= request <= scratch_mib(one) + LOGS_MIB, one.name
        # Clusters with larger log files exist: several times the default must fit.
        assert limit >= scratch_mib(one) + 10 * LOGS_MIB, one.name


@every_stack
def test_a_queue_on_a_nodes_disk_is_reserved_whole(stack: str) -> None:
    """It fills in an outage, when nobody watches the node's disk."""
    agent = recorded(stack).one("agent-daemon")
    (container,) = pod(agent)["containers"]
    assert mib(container["resources"]["requests"]["ephemeral-storage"]) == scratch_mib(agent) + LOGS_MIB


@every_stack
def test_one_small_node_could_reserve_the_disk_of_all_pods(stack: str) -> None:
    """Of EKS's default disk of 20 GiB, Pods can reserve about 17; the limits added up would need many disks."""
    reserved = 0
    for one in workloads(recorded(stack)):
        (container,) = pod(one)["containers"]
        reserved += mib(container["resources"]["requests"]["ephemeral-storage"]) * one.inputs["spec"].get(
            "replicas", 1
        )
    assert reserved < 17 * 1024


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_a_pod_that_is_not_ready_blocks_no_node_drain(stack: str) -> None:
    """Pods that crash on a wrong configuration would keep every node of theirs from being replaced."""
    budgets = recorded(stack).of_type("PodDisruptionBudget")
    assert len(budgets) > 5
    for budget in budgets:
        assert budget.inputs["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow", budget.name
