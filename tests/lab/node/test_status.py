from pathlib import Path

import pytest

from lab.node import status
from lab.node.status import DaemonStatus


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    """The supervisor and the command line are different processes."""
    daemons = [DaemonStatus(name="etcd", state="failed", since=12.5, log=Path("/x/etcd.log"), detail="why\nnot")]
    status.write(tmp_path / "status.json", daemons)
    assert status.read(tmp_path / "status.json") == daemons


@pytest.mark.parametrize("text", ["", "[{}]", '{"a": 1}'])
def test_a_damaged_status_says_nothing(tmp_path: Path, text: str) -> None:
    """A machine that lost power may leave one."""
    (tmp_path / "status.json").write_text(text, encoding="utf-8")
    assert status.read(tmp_path / "status.json") == []


def test_the_last_lines_of_a_large_log_are_found(tmp_path: Path) -> None:
    """Only its end is read."""
    log = tmp_path / "log"
    log.write_text("".join(f"line {number}\n" for number in range(100_000)), encoding="utf-8")
    assert status.last_lines(log, 2) == "line 99998\nline 99999"
    assert status.last_lines(tmp_path / "none") == ""
