import io
import json
import shlex
from pathlib import Path

import pytest

from lab.commands import down
from lab.engine.project import Project
from lab.errors import LabError
from lab.node import Record
from lab.paths import cache_dir, own_state, state_dir
from lab.progress import Progress
from lab.target.target import Target, current
from settings.project import REPO

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def no_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that runs no lab."""
    monkeypatch.setattr("lab.node.Node.record", lambda: None)


def running(folder: Path) -> Record:
    """Return the record of a lab in a folder."""
    return Record(pid=1, pid_started=1, folder=folder, user="somebody", since="2026-11-22T00:00:00+00:00")


def test_without_a_lab_nothing_is_ended(
    progress: Progress, screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.node.Node.record", lambda: None)
    down.down("dojo", progress)
    assert "This lab does not run." in screen.getvalue()


@pytest.fixture
def others_lab(monkeypatch: pytest.MonkeyPatch) -> Record:
    """A colleague's lab that runs on this machine; whoever ends it fails the test."""
    record = running(Path("/somebody's/own state/node"))
    monkeypatch.setattr("lab.node.Node.record", lambda: record)
    monkeypatch.setattr("lab.node.end", lambda _folder: pytest.fail("ended somebody else's lab"))
    return record


@pytest.mark.usefixtures("others_lab")
def test_another_lab_is_named_and_not_ended(progress: Progress) -> None:
    """Whoever typed `make down` must learn that nothing was stopped, and whose lab runs."""
    with pytest.raises(LabError, match="nothing was stopped") as refusal:
        down.down("dojo", progress)
    assert "/somebody's/own state/node" in refusal.value.what
    assert "started by somebody at 2026-11-22T00:00:00" in refusal.value.what
    # The line is pasted into a shell.
    assert shlex.split(refusal.value.fix)[2] == "FAWKES_STATE_DIR=/somebody's/own state"


@pytest.mark.usefixtures("others_lab")
def test_clean_names_another_lab_and_deletes_its_own_data(progress: Progress, screen: io.StringIO) -> None:
    (state_dir() / "node").mkdir()
    down.clean("dojo", progress, tools=False)
    assert not own_state().path.exists()
    said = " ".join(screen.getvalue().split())
    assert "/somebody's/own state/node runs on this machine" in said
    assert "it is left alone" in said


def test_clean_does_not_delete_the_data_of_a_lab_that_runs_below_it(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make verify` keeps its lab below the state folder, and may be running in another window."""
    folder = state_dir() / "verify" / "node"
    folder.mkdir(parents=True)
    monkeypatch.setattr("lab.node.Node.record", lambda: running(folder))
    with pytest.raises(LabError, match="verify/node runs on this machine"):
        down.clean("dojo", progress, tools=False)
    assert folder.exists()


def test_clean_of_a_cluster_of_ones_own_leaves_the_data_of_the_running_node(
    progress: Progress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without its data a node can neither run nor be stopped; the refusal comes before anything is destroyed."""
    monkeypatch.setenv("FAWKES_KUBECONFIG", "somewhere")
    folder = state_dir() / "node"
    folder.mkdir(parents=True)
    monkeypatch.setattr("lab.node.Node.record", lambda: running(folder))
    monkeypatch.setattr(down, "_destroy", lambda *_: pytest.fail("destroyed"))
    with pytest.raises(LabError, match="state/node runs on this machine") as refusal:
        down.clean("dojo", progress, Target(tmp_path, state_dir() / "engine-0123456789ab", None), tools=False)
    assert refusal.value.fix.startswith("End it: FAWKES_KUBECONFIG= FAWKES_STATE_DIR=")
    assert folder.exists()


@pytest.mark.usefixtures("no_lab")
def test_clean_keeps_the_only_state_of_a_stack_on_a_cluster_of_ones_own(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the stack can be neither changed nor destroyed any more."""
    home = state_dir() / "engine-0123456789ab"
    project = Project(repo=REPO, stack="dojo", home=home)
    project.state_file.parent.mkdir(parents=True)
    state = {"checkpoint": {"latest": {"resources": [{"type": "kubernetes:core/v1:Namespace"}]}}}
    project.state_file.write_text(json.dumps(state), encoding="utf-8")
    with pytest.raises(LabError, match=r"has the only state of stacks on .* dojo"):
        down.clean("dojo", progress, tools=False)
    # Its own cluster's stack goes with it, and what a cluster has a copy of can be had again.
    monkeypatch.setattr(down, "_destroy", lambda *_: (home / "shared-dojo").touch())
    down.clean("dojo", progress, Target(REPO, home, None), tools=False)
    assert not own_state().path.exists()


def test_a_lab_whose_files_were_deleted_while_it_ran_is_ended(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`rm -rf` of the state folder, by a person or a script, must not leave a node that nothing can stop."""
    # What is mounted in the node stays, and so do the folders above it.
    folder = own_state().path / "node"
    (folder / "data" / "kubelet").mkdir(parents=True)
    monkeypatch.setattr("lab.node.Node.record", lambda: running(folder))
    ended: list[Path] = []
    monkeypatch.setattr("lab.node.end", ended.append)
    with pytest.raises(LabError, match="were deleted while it runs") as refusal:
        current()
    assert refusal.value.fix == "End it: make down"
    down.down("dojo", progress)
    assert ended == [folder]


@pytest.mark.usefixtures("no_lab")
def test_clean_keeps_what_the_lab_did_not_make_and_says_so(
    progress: Progress, screen: io.StringIO, tmp_path: Path
) -> None:
    """A mistyped variable must not cost anybody a folder."""
    thesis = tmp_path / "state" / "thesis.txt"
    thesis.parent.mkdir()
    thesis.touch()
    (state_dir() / "engine").mkdir()
    down.clean("dojo", progress, tools=False)
    assert [path.name for path in thesis.parent.iterdir()] == ["thesis.txt"]
    assert "did not make it: thesis.txt" in " ".join(screen.getvalue().split())


@pytest.mark.usefixtures("no_lab")
def test_clean_deletes_nothing_that_is_mounted(
    progress: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content of another disk would go with the folder."""
    data = state_dir() / "node" / "volumes"
    data.mkdir(parents=True)
    mounted = str(tmp_path.resolve()).replace(" ", "\\040")
    mounts = tmp_path / "mounts"
    mounts.write_text(f"disk {mounted}/state/node/volumes ext4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr("lab.node.node.MOUNTS", mounts)
    with pytest.raises(LabError, match="node/volumes is still mounted"):
        down.clean("dojo", progress, tools=False)
    assert data.exists()


def test_clean_deletes_the_state_and_keeps_the_tools(progress: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
    """Building them again takes twenty minutes."""
    monkeypatch.setattr("lab.node.Node.record", lambda: None)
    state, cache = state_dir(), cache_dir()
    (state / "node").mkdir()
    (cache / "bin").mkdir()
    down.clean("dojo", progress, tools=False)
    assert not state.exists()
    assert (cache / "bin").exists()


def test_clean_with_tools_deletes_even_what_is_read_only(
    progress: Progress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Go makes the folders of its module cache read-only; links lead to places that are not the lab's."""
    monkeypatch.setattr("lab.node.Node.record", lambda: None)
    module = cache_dir() / "go" / "mod" / "example.org"
    module.mkdir(parents=True)
    (module / "file.go").touch()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o500)
    (module / "link").symlink_to(elsewhere)
    module.chmod(0o555)
    down.clean("dojo", progress, tools=True)
    assert not (tmp_path / "cache").exists()
    assert elsewhere.stat().st_mode & 0o777 == 0o500
