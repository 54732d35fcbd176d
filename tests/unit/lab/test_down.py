import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from lab import down
from lab.node import Record
from lab.paths import cache_dir, state_dir
from lab.progress import Progress

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def screen() -> io.StringIO:
    """What the command prints."""
    return io.StringIO()


@pytest.fixture
def progress(screen: io.StringIO) -> Iterator[Progress]:
    """Steps shown on the screen."""
    with Progress(console=Console(file=screen)) as steps:
        yield steps


def running(folder: Path) -> Record:
    """Return the record of a lab in a folder."""
    return Record(pid=1, pid_started=1, folder=folder, user="somebody", since="2026-11-22T00:00:00+00:00")


@pytest.mark.parametrize("record", [None, running(Path("/somebody/elses/node"))])
def test_without_a_lab_of_ones_own_nothing_is_ended(
    record: Record | None, progress: Progress, screen: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other lab on the machine may be a colleague's."""
    monkeypatch.setattr("lab.node.Node.record", lambda: record)
    monkeypatch.setattr("lab.node.Node.stop", lambda _self, _progress: pytest.fail("ended somebody else's lab"))
    down.down("dojo", progress)
    assert "Nothing of this lab runs." in screen.getvalue()


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
