"""The supervisor runs as a separate process here, because it takes over signals and children."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab.node import status
from lab.node.status import DaemonStatus
from settings.project import REPO

# Runs the shell scripts given as NAME=SCRIPT; each waits for the file NAME.gate if its name starts with `late`.
PROGRAM = """
import sys
from pathlib import Path
from lab.node.daemons import Daemon
from lab.node.layout import NodeFolder
from lab.node.supervisor import Supervisor

folder = NodeFolder(Path(sys.argv[1]))
daemons = []
for name, _, script in (argument.partition("=") for argument in sys.argv[2:]):
    late = name.startswith("late")
    gate = (folder.root / f"{name}.gate").exists if late else (lambda: True)
    daemons.append(Daemon(name=name, command=["/bin/sh", "-c", script], gate=gate))
Supervisor(folder, daemons, pods=lambda: [], first_pause=0.05).run()
"""
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a supervisor of shell scripts; all of them are ended afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def run(**scripts: str) -> "subprocess.Popen[bytes]":
        arguments = [f"{name}={script}" for name, script in scripts.items()]
        started.append(
            subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path), *arguments], cwd=REPO, env={})
        )
        return started[-1]

    yield run
    for process in started:
        process.terminate()
        process.wait(20)


def daemon(folder: Path, name: str, *states: str) -> DaemonStatus:
    """Wait until a daemon is in one of the states."""
    deadline = time.monotonic() + 20
    while True:
        found = [d for d in status.read(folder / "status.json") if d.name == name and d.state in states]
        if found:
            return found[0]
        assert time.monotonic() < deadline, status.read(folder / "status.json")
        time.sleep(0.02)


def says(folder: Path, name: str, text: str) -> None:
    """Wait until a daemon has written `text` to its log."""
    deadline = time.monotonic() + 20
    log = folder / "logs" / f"{name}.log"
    while not log.exists() or text not in log.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_each_daemon_writes_to_a_log_of_its_own(start: Start, tmp_path: Path) -> None:
    """Both outputs, because a crash reports its reason on either."""
    start(one="echo out; echo err >&2; exec sleep 60", two="echo second; exec sleep 60")
    says(tmp_path, "one", "out\nerr\n")
    says(tmp_path, "two", "second\n")
    assert daemon(tmp_path, "one", "running").log == tmp_path / "logs" / "one.log"


def test_a_daemon_waits_for_its_gate(start: Start, tmp_path: Path) -> None:
    """The controller manager gives up when the API server does not answer at once."""
    start(first="exec sleep 60", late="exec sleep 60")
    daemon(tmp_path, "first", "running")
    assert daemon(tmp_path, "late", "waiting")
    (tmp_path / "late.gate").touch()
    daemon(tmp_path, "late", "running")


def test_a_daemon_that_ends_once_is_started_again(start: Start, tmp_path: Path) -> None:
    """The rest of the node does not notice."""
    start(
        once="echo started; test -e again && exec sleep 60; touch again; exit 3".replace("again", f"{tmp_path}/a")
    )
    says(tmp_path, "once", "started\nstarted\n")
    assert daemon(tmp_path, "once", "running").detail == ""


def test_a_daemon_that_ends_again_and_again_is_given_up_with_its_last_words(start: Start, tmp_path: Path) -> None:
    """The user reads these lines instead of searching eight logs."""
    start(broken="echo port taken; exit 7", sound="exec sleep 60")
    failed = daemon(tmp_path, "broken", "failed")
    assert "exited with 7" in failed.detail
    assert failed.detail.endswith("port taken")
    assert failed.log.read_text(encoding="utf-8").count("port taken") == 5
    assert daemon(tmp_path, "sound", "running")


def test_told_to_end_it_ends_and_says_that_everything_is_stopped(start: Start, tmp_path: Path) -> None:
    """The supervisor waits for etcd, which closes its files."""
    process = start(etcd="trap 'echo closed; exit 0' TERM; echo up; while :; do sleep 0.05; done")
    says(tmp_path, "etcd", "up")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    says(tmp_path, "etcd", "up\nclosed\n")
    assert daemon(tmp_path, "etcd", "stopped")


def test_ctrl_c_in_the_terminal_does_not_reach_the_daemons(start: Start, tmp_path: Path) -> None:
    """Each leads a session without a terminal."""
    start(one="echo pid $$; exec sleep 60")
    says(tmp_path, "one", "pid ")
    pid = int((tmp_path / "logs" / "one.log").read_text(encoding="utf-8").split()[1])
    assert os.getsid(pid) == pid
