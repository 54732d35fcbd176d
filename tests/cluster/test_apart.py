"""The tests on simulated nodes run beside the lab, of which they must see nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab.node import Record
from tests.support.waiting import eventually
from tests.verify.apart import apart, killed_with_us
from tests.verify.leftovers import leftovers

pytestmark = [pytest.mark.cluster, pytest.mark.usefixtures("own_node")]

_LOOK = "from lab.node import Record, cgroups, link; print(Record.read(), link.exists(), cgroups.hierarchies())"


def test_a_command_apart_sees_neither_record_nor_link_nor_control_groups_of_the_lab() -> None:
    """It would stop that lab, or refuse to start beside it."""
    record = Record.read()
    assert record
    done = subprocess.run(apart([sys.executable, "-c", _LOOK]), capture_output=True, text=True, check=True)
    assert done.stdout == "None False []\n"
    assert Record.read() == record


def test_what_a_command_apart_started_ends_when_it_is_killed(tmp_path: Path) -> None:
    """Its processes are in sessions of their own, as a node's are, and nobody else knows of them."""
    left = tmp_path / "left"
    left.touch()

    def interrupted() -> None:
        command = apart(["sh", "-c", f"setsid tail -f {left} & wait"])
        with subprocess.Popen(command) as process, killed_with_us(process):
            eventually(lambda: _runs(left), "it runs")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    eventually(lambda: not _runs(left), "nothing of it runs")


def _runs(left: Path) -> bool:
    """Return whether `tail` itself runs, beside which commands that only name it may."""
    return any(line.split()[2:] == ["tail", "-f", str(left)] for line in leftovers(left))
