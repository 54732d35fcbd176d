import io
import os
from pathlib import Path

import pytest

from lab.commands.up import _forget, start_simulated, up_simulated
from lab.errors import LabError
from lab.node import Node, Record
from lab.progress import Progress
from lab.target.target import node_target, simulated_folder
from tests.lab.node.test_configs import SIMULATED

pytestmark = pytest.mark.usefixtures("own_folders")


def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lab in this folder run."""
    record = Record(pid=1, pid_started=1, folder=folder, user="ada", since="2026-01-02T03:04:05+00:00")
    monkeypatch.setattr(Record, "read", lambda *_: record)


def test_simulated_nodes_and_a_cluster_of_ones_own_are_not_both_meant(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names a cluster does not want another one."""
    monkeypatch.setenv("FAWKES_KUBECONFIG", "/home/ada/.kube/config")
    with pytest.raises(LabError, match=r"names a cluster \(/home/ada/\.kube/config\)") as refusal:
        up_simulated("prod", progress)
    assert "unset FAWKES_KUBECONFIG" in refusal.value.fix
    assert progress.steps == {}


def test_who_is_not_root_is_told_so_before_anything_is_built(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what can be seen without."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match="needs root") as refusal:
        start_simulated(progress)
    assert "make render STACK=prod" in refusal.value.fix
    assert progress.steps == {}


def test_another_lab_is_said_to_run_before_anything_is_built(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dojo's own node is another one too."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    run(simulated_folder().with_name("node"), monkeypatch)
    with pytest.raises(LabError, match="there can be one at a time") as refusal:
        start_simulated(progress)
    assert refusal.value.fix == f"End it: FAWKES_STATE_DIR={simulated_folder().parent} make down"
    assert progress.steps == {}


def test_what_is_remembered_of_a_cloud_that_is_gone_is_deleted_and_said(
    progress: Progress, screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine with a state of buckets that are not there any more would fail at each of them."""
    cleaned: list[Path] = []
    monkeypatch.setattr(Record, "read", lambda *_: None)
    monkeypatch.setattr(Node, "clean", lambda node: cleaned.append(node.folder))
    node = Node(simulated_folder(), SIMULATED)
    target = node_target(node)
    _forget(node, progress)
    assert (cleaned, screen.getvalue()) == ([], "")
    node.folder.mkdir()
    (target.engine_home / "backend").mkdir(parents=True)
    _forget(node, progress)
    assert cleaned == [node.folder]
    assert not target.engine_home.exists()
    assert "keeps nothing between starts" in screen.getvalue()


def test_the_state_of_a_cloud_that_runs_is_kept(progress: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second `up` changes only what differs."""
    node = Node(simulated_folder(), SIMULATED)
    node.folder.mkdir()
    SIMULATED.save(node.folder / "binaries.json")
    run(node.folder, monkeypatch)
    target = node_target(node)
    target.engine_home.mkdir()
    _forget(node, progress)
    assert target.engine_home.exists()
    assert node.folder.exists()
