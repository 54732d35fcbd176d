"""The tests on simulated nodes run beside the lab, of which they must see nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab.node import Record
from lab.target.target import Target
from tests.support.lab_fixtures import absent
from tests.support.waiting import eventually
from tests.verify.apart import apart, killed_with_us

pytestmark = pytest.mark.cluster

_LOOK = "from lab.node import Record, cgroups, link; print(Record.read(), link.exists(), cgroups.hierarchies())"


@pytest.fixture
def record(lab: Target) -> Record:
    """The record of the lab that runs."""
    if lab.node is None:
        absent("This test is about the lab's own node, and FAWKES_KUBECONFIG names another cluster.")
    found = Record.read()
    assert found
    return found


def test_a_command_apart_sees_neither_record_nor_link_nor_control_groups_of_the_lab(record: Record) -> None:
    """It would stop that lab, or refuse to start beside it."""
    done = subprocess.run(apart([sys.executable, "-c", _LOOK]), capture_output=True, text=True, check=True)
    assert done.stdout == "None False []\n"
    assert Record.read() == record


@pytest.mark.usefixtures("record")
def test_what_a_command_apart_started_ends_when_it_is_killed(tmp_path: Path) -> None:
    """Its processes are in sessions of their own, as a node's are, and nobody else knows of them."""
    left = tmp_path / "left"
    left.touch()

    def interrupted() -> None:
        command = apart(["sh", "-c", f"setsid tail -f {left} & wait"])
        with subprocess.Popen(command) as process, killed_with_us(process):
            eventually(lambda: _runs("tail", "-f", str(left)), "it runs")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    eventually(lambda: not _runs("tail", "-f", str(left)), "nothing of it runs")


def _runs(*command: str) -> bool:
    line = "".join(f"{argument}\0" for argument in command)
    return any(_line(process) == line for process in Path("/proc").glob("[0-9]*"))


def _line(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().decode()
    except OSError:
        return ""
