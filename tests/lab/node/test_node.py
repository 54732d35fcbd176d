"""The decisions of `Node` before it changes the machine; the cluster tier tests the rest on a real node."""

import contextlib
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.node import Node, cgroups, checks, containers, end, link, process, status
from lab.node import node as node_module
from lab.node.record import Record
from lab.node.status import DaemonStatus
from lab.progress import Progress
from tests.lab.node.test_configs import BINARIES, SIMULATED, WITH_ISSUER

Recorded = Callable[[Path], Record]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Record a lab of a folder on this machine; at first none is recorded, and its lock is free."""

    def be(record: Record | None) -> None:
        monkeypatch.setattr(Record, "read", lambda *_: record)

    def run(folder: Path) -> Record:
        record = Record(pid=4_000_000, pid_started=1, folder=folder, user="ada", since="2026-01-02T03:04:05+00:00")
        be(record)
        return record

    be(None)
    monkeypatch.setattr(node_module, "machine_lock", contextlib.nullcontext)
    return run


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    """Collect the records of supervisors instead of ending them, and leave control groups alone."""
    records: list[Record] = []
    monkeypatch.setattr(process, "end", records.append)
    monkeypatch.setattr(cgroups, "remove", lambda: None)
    return records


def write_status(folder: Path, state: status.State) -> DaemonStatus:
    """Write the supervisor's report of one daemon."""
    folder.mkdir(parents=True, exist_ok=True)
    daemon = DaemonStatus(name="etcd", state=state, since=1.0, log=folder / "etcd.log", detail="no space left")
    status.write(folder / "status.json", [daemon])
    return daemon


def test_a_second_lab_is_refused_naming_the_first_and_how_to_end_it(
    tmp_path: Path, progress: Progress, recorded: Recorded
) -> None:
    """They would share addresses and control groups."""
    recorded(Path("/home/ada/state/node"))
    with pytest.raises(LabError) as caught:
        Node(tmp_path / "node", BINARIES).start(progress)
    assert "/home/ada/state/node" in caught.value.what
    assert "ada at 2026-01-02T03:04:05" in caught.value.what
    assert caught.value.fix == "End it: FAWKES_STATE_DIR=/home/ada/state make down"


def test_another_folders_lab_is_never_ended(tmp_path: Path, recorded: Recorded, ended: list[Record]) -> None:
    """A command may stop only the lab of its own folder."""
    recorded(Path("/home/ada/state/node"))
    node = Node(tmp_path / "node", BINARIES)
    end(node.folder)
    node.clean()
    assert ended == []


def test_clean_ends_the_own_node_and_deletes_its_folder(
    tmp_path: Path, recorded: Recorded, ended: list[Record]
) -> None:
    """A second call, when nothing is left, does nothing."""
    record = recorded(tmp_path / "node")
    write_status(tmp_path / "node", "running")
    node = Node(tmp_path / "node", BINARIES)
    node.clean()
    node.clean()
    assert ended == [record, record]
    assert not (tmp_path / "node").exists()


def test_what_the_supervisor_said_counts_only_while_it_lives(tmp_path: Path, recorded: Recorded) -> None:
    """After kill -9 the file still reports "running"."""
    said = write_status(tmp_path / "node", "running")
    node = Node(tmp_path / "node", BINARIES)
    assert [daemon.state for daemon in node.status()] == ["stopped"]
    recorded(tmp_path / "other")
    assert [daemon.state for daemon in node.status()] == ["stopped"]
    recorded(tmp_path / "node")
    assert node.status() == [said]


@pytest.mark.usefixtures("recorded")
def test_an_image_for_a_node_that_does_not_run_is_one_sentence(tmp_path: Path) -> None:
    """Not a traceback from the container runtime's client."""
    with pytest.raises(LabError, match="does not run"):
        Node(tmp_path / "node", BINARIES).load_image(tmp_path / "image.tar")


def test_a_node_with_a_failed_daemon_is_started_anew(
    tmp_path: Path, progress: Progress, recorded: Recorded, ended: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor no longer restarts a failed daemon, so waiting for it would never end."""
    record = recorded(tmp_path / "node")
    write_status(tmp_path / "node", "failed")

    def check(_: Path) -> None:
        raise LabError("Only this far.", "")

    monkeypatch.setattr(checks, "check_machine", check)
    with pytest.raises(LabError, match="Only this far"):
        Node(tmp_path / "node", BINARIES).start(progress)
    assert ended == [record]


def test_a_node_without_an_issuer_is_started_anew_for_a_stack_that_needs_one(
    tmp_path: Path, recorded: Recorded, ended: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor adds no daemon to those that it started with; one more than needed does no harm."""
    record = recorded(tmp_path / "node")
    write_status(tmp_path / "node", "running")
    monkeypatch.setattr(link, "exists", lambda: True)
    for running, wanted in itertools.product((BINARIES, WITH_ISSUER), repeat=2):
        ended.clear()
        running.save(tmp_path / "node" / "binaries.json")
        stopped = running == BINARIES and wanted == WITH_ISSUER
        assert Node(tmp_path / "node", wanted)._own_record() == (None if stopped else record)
        assert ended == ([record] if stopped else [])


def test_a_daemon_that_fails_during_the_start_ends_it_with_its_last_words(
    tmp_path: Path, progress: Progress, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start fails before its deadline, and with more than "not ready"."""
    folder = tmp_path / "node"

    def launch(_: object) -> Record:
        write_status(folder, "failed")
        (folder / "credentials" / "pki").mkdir(parents=True)
        return recorded(folder)

    monkeypatch.setattr(Node, "_prepare", lambda *_: None)
    monkeypatch.setattr(process, "launch", launch)
    monkeypatch.setattr(containers, "answers", lambda *_: False)
    with pytest.raises(LabError, match="etcd keeps exiting: no space left"):
        Node(folder, BINARIES).start(progress)


def test_the_steps_of_a_start_can_be_listed_before_it(tmp_path: Path) -> None:
    """The user sees which steps are left."""
    assert Node(tmp_path, BINARIES).steps == ("certificates", "control plane", "node ready", "cluster DNS")
    assert Node(tmp_path, WITH_ISSUER).steps[-1] == "certificate issuer"
    simulated = ("certificates", "control plane", "simulated nodes", "simulated cloud")
    assert Node(tmp_path, SIMULATED).steps == simulated


def test_simulated_nodes_take_no_image(tmp_path: Path, recorded: Recorded) -> None:
    """They have no container runtime to import it."""
    node = Node(tmp_path / "node", SIMULATED)
    recorded(tmp_path / "node")
    assert node.simulated
    with pytest.raises(LabError, match="Simulated nodes run no image"):
        node.load_image(tmp_path / "image.tar")
