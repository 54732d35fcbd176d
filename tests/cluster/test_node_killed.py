"""A killed node leaves nothing on the machine and loses nothing of its cluster.

The test stops, kills and starts the lab; at the end all its Pods are ready again, and watched.
"""

import contextlib
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernetes import client, config

from lab.node import Node, cgroups, end
from lab.progress import Progress
from tests.cluster.faults import all_ready, kill_node
from tests.cluster.lab_prometheus import scraped_jobs
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster


@pytest.fixture
def node(own_node: Node) -> Iterator[Node]:
    """Return the lab's own node, and start it again afterwards."""
    yield own_node
    with Progress() as progress:
        own_node.start(progress)


@contextlib.contextmanager
def session(node: Node) -> Iterator[client.CoreV1Api]:
    """Connect to the API server of the node's current start."""
    config.load_kube_config(str(node.kubeconfig))  # type: ignore[no-untyped-call]
    with client.ApiClient() as connection:
        yield client.CoreV1Api(connection)
        # Closing a session leaves its connections open.
        connection.rest_client.pool_manager.clear()


def traces() -> dict[str, list[str]]:
    """Return everything on this machine that a node could leave behind, except control groups and folders."""
    # The brief forms omit lifetimes, which change by themselves.
    commands = {
        "links": "ip -brief link",
        "addresses": "ip -brief address",
        "routes": "ip -4 route show table all",
        "iptables": "iptables-save",
    }
    found = {name: _lines(command) for name, command in commands.items()}
    # Leave out counters, and comments with the time of day.
    found["iptables"] = [line for line in found["iptables"] if line.startswith("-")]
    settings = ("vm/overcommit_memory", "kernel/panic", "kernel/panic_on_oops", "net/ipv4/ip_forward")
    found["settings"] = [(Path("/proc/sys") / name).read_text(encoding="utf-8") for name in settings]
    found["mounts"] = sorted(Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines())
    found["processes"] = sorted(_processes_of_a_node())
    return found


def differences(before: dict[str, list[str]]) -> dict[str, set[str]]:
    """Return the traces that appeared or disappeared since, by kind."""
    now = traces()
    return {kind: changed for kind, lines in before.items() if (changed := set(lines) ^ set(now[kind]))}


def _lines(command: str) -> list[str]:
    return sorted(subprocess.run(command.split(), capture_output=True, text=True, check=True).stdout.splitlines())


def _processes_of_a_node() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if "/fawkes-lab" in (process / "cgroup").read_text(encoding="utf-8"):
                yield (process / "cmdline").read_text(encoding="utf-8")


def left_groups() -> list[Path]:
    """Return the node's existing control groups."""
    return [root / "fawkes-lab" for root in cgroups.hierarchies() if (root / "fawkes-lab").exists()]


def test_a_killed_node_leaves_nothing_but_folders_and_starts_again_with_its_cluster(node: Node) -> None:
    """Neither a crash of the lab nor an impatient user may leave a machine that must be repaired by hand."""
    marker = f"kept-{uuid.uuid4().hex[:8]}"
    watched = eventually(lambda: scraped_jobs() - {"prometheus"}, "Prometheus watches the stack")
    with session(node) as core:
        core.create_namespace({"metadata": {"name": marker}})  # type: ignore[arg-type]
    with Progress() as progress:
        end(node.folder)
        before = traces()
        assert left_groups() == []

        node.start(progress)
        assert traces()["processes"], "the comparison below must be able to fail"
        record = Node.record()
        assert record
        kill_node(record)

        with contextlib.suppress(AssertionError):
            eventually(lambda: not differences(before), "nothing but control groups is left", seconds=60)
        assert differences(before) == {}
        assert Node.record() is None
        assert {daemon.state for daemon in node.status()} == {"stopped"}
        end(node.folder)
        assert left_groups() == []
        node.start(progress)
    with session(node) as core:
        assert marker in {namespace.metadata.name for namespace in core.list_namespace().items}  # type: ignore[union-attr]
        core.delete_namespace(marker)
        eventually(lambda: all_ready(core), "all Pods are ready again", seconds=120)
    eventually(lambda: watched <= scraped_jobs(), "Prometheus watches the stack again", seconds=120)
